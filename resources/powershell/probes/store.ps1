# The certificate stores of this machine: all of its own, and of the authorities only those that may have issued one of them.

function Get-AuthorityKeyId {
    # The key id in the authority key identifier (2.5.29.35) as upper-case hex, or nothing. .NET does not parse this extension.
    # SEQUENCE { [0] keyIdentifier OPTIONAL, ... }, lengths below 128 except for the outer one.
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $extension = $Certificate.Extensions['2.5.29.35']
    if ($null -eq $extension) { return }
    $data = $extension.RawData
    if (($data.Length -lt 4) -or ($data[0] -ne 0x30)) { return }
    $at = 2
    if ($data[1] -gt 0x80) { $at = 2 + ($data[1] - 0x80) }
    if (($at + 2 -gt $data.Length) -or ($data[$at] -ne 0x80)) { return }
    $length = [int] $data[$at + 1]
    if (($length -eq 0) -or ($length -gt 64) -or ($at + 2 + $length -gt $data.Length)) { return }
    [BitConverter]::ToString($data, $at + 2, $length).Replace('-', '')
}

function Get-SubjectKeyId {
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $extension = $Certificate.Extensions['2.5.29.14']
    if ($extension -is [Security.Cryptography.X509Certificates.X509SubjectKeyIdentifierExtension]) { $extension.SubjectKeyIdentifier }
}

function Select-PossibleIssuer {
    # The closure: whatever by subject name or by key id may have issued one of these certificates, and their issuers in turn.
    [CmdletBinding()]
    param([object[]] $Certificates, [object[]] $Authorities, [int] $Most)
    $byName = @{}
    $byKey = @{}
    foreach ($authority in $Authorities) {
        if (-not $byName.ContainsKey($authority.Subject)) { $byName[$authority.Subject] = New-Object Collections.ArrayList }
        [void] $byName[$authority.Subject].Add($authority)
        $key = Get-SubjectKeyId -Certificate $authority
        if ($null -ne $key) {
            if (-not $byKey.ContainsKey($key)) { $byKey[$key] = New-Object Collections.ArrayList }
            [void] $byKey[$key].Add($authority)
        }
    }
    $chosen = @{}
    $waiting = New-Object Collections.Queue
    foreach ($certificate in $Certificates) { $waiting.Enqueue($certificate) }
    while (($waiting.Count -gt 0) -and ($chosen.Count -lt $Most)) {
        $certificate = $waiting.Dequeue()
        $issuers = @()
        if ($byName.ContainsKey($certificate.Issuer)) { $issuers += @($byName[$certificate.Issuer]) }
        $key = Get-AuthorityKeyId -Certificate $certificate
        if (($null -ne $key) -and $byKey.ContainsKey($key)) { $issuers += @($byKey[$key]) }
        foreach ($issuer in $issuers) {
            if (-not $chosen.ContainsKey($issuer.Thumbprint)) {
                $chosen[$issuer.Thumbprint] = $true
                $waiting.Enqueue($issuer)
            }
        }
    }
    $chosen
}

function ConvertTo-DerFact {
    # One fact per thumbprint: a store made of several physical ones may list a certificate twice.
    [CmdletBinding()]
    param([object[]] $Certificates, [hashtable] $Chosen)
    $seen = @{}
    foreach ($certificate in $Certificates) {
        if ($Chosen.ContainsKey($certificate.Thumbprint) -and (-not $seen.ContainsKey($certificate.Thumbprint))) {
            $seen[$certificate.Thumbprint] = $true
            @{ thumbprint = $certificate.Thumbprint; der = [Convert]::ToBase64String($certificate.RawData) }
        }
    }
}

function Get-StoreFacts {
    [CmdletBinding()]
    param()
    $mostOwn = 200
    $mostIssuers = 300
    $mostListed = 500
    $own = @(Get-MachineCertificate -StoreName 'My')
    $intermediates = @(Get-MachineCertificate -StoreName 'CA')
    $roots = @(Get-MachineCertificate -StoreName 'Root')
    $disallowed = @(Get-MachineCertificate -StoreName 'Disallowed')
    $kept = @(Select-OwnCertificate -Certificates $own -Most $mostOwn)
    $chosen = Select-PossibleIssuer -Certificates $kept -Authorities @($intermediates + $roots) -Most $mostIssuers
    $mine = foreach ($certificate in $kept) {
        @{
            thumbprint    = $certificate.Thumbprint
            der           = [Convert]::ToBase64String($certificate.RawData)
            hasPrivateKey = $certificate.HasPrivateKey
            friendlyName  = "$($certificate.FriendlyName)"
        }
    }
    $misplaced = foreach ($certificate in $roots) {
        if ($certificate.Subject -ne $certificate.Issuer) {
            @{ thumbprint = $certificate.Thumbprint; subject = $certificate.Subject; issuer = $certificate.Issuer }
        }
    }
    $refused = foreach ($certificate in $disallowed) { $certificate.Thumbprint }
    @{
        my             = @($mine | Where-Object { $null -ne $_ })
        intermediate   = @(ConvertTo-DerFact -Certificates $intermediates -Chosen $chosen)
        root           = @(ConvertTo-DerFact -Certificates $roots -Chosen $chosen)
        disallowed     = @($refused | Where-Object { $null -ne $_ } | Select-Object -First $mostListed)
        misplacedRoots = @($misplaced | Where-Object { $null -ne $_ } | Select-Object -First $mostListed)
        counts         = @{ my = $own.Count; intermediate = $intermediates.Count; root = $roots.Count }
        left           = @{ my = $own.Count - $kept.Count }
    }
}
