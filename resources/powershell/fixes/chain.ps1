# Certificates of authorities: put in, taken out, and moved to where they belong. The machine's own certificates are not touched here.

function Test-IssuerStore {
    [CmdletBinding()]
    param([string] $Store)
    @('CA', 'Root') -ccontains $Store
}

function Assert-IssuerStore {
    [CmdletBinding()]
    param([string] $Store)
    if (-not (Test-IssuerStore -Store $Store)) { throw (New-Object ArgumentException -ArgumentList @("no store of authorities: $Store")) }
}

function Test-SelfIssued {
    # By the names as they are encoded, not as they are shown.
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    [BitConverter]::ToString($Certificate.SubjectName.RawData) -eq [BitConverter]::ToString($Certificate.IssuerName.RawData)
}

function Read-Certificate {
    # Nothing comes back when these are not the bytes of one certificate.
    [CmdletBinding()]
    param([string] $Text)
    try { New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList @(, [Convert]::FromBase64String($Text)) }
    catch {
        $real = Get-InnermostException -Exception $_.Exception
        if (($real -isnot [FormatException]) -and ($real -isnot [Security.Cryptography.CryptographicException])) { throw }
    }
}

function Test-Authority {
    # Certificates of version 1 have no extension that could say so.
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $extension = $Certificate.Extensions['2.5.29.19']
    if ($extension -is [Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]) { return $extension.CertificateAuthority }
    $true
}

function Get-PresenceFact {
    [CmdletBinding()]
    param([string] $Store, [string] $Thumbprint)
    @{ present = ($null -ne (Get-StoredCertificate -StoreName $Store -Thumbprint $Thumbprint)) }
}

function Install-IssuerCertificate {
    [CmdletBinding()]
    param([string] $Der, [string] $Thumbprint, [string] $Store, [bool] $Preview)
    Assert-IssuerStore -Store $Store
    $before = Get-PresenceFact -Store $Store -Thumbprint $Thumbprint
    if ($before.present) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    $certificate = Read-Certificate -Text $Der
    $right = ($null -ne $certificate) -and (Test-SameText -One $certificate.Thumbprint -Other $Thumbprint)
    if ((-not $right) -or (-not (Test-Authority -Certificate $certificate))) {
        return New-FixResult -Outcome 'refused' -Reason 'wrong-certificate' -Before $before
    }
    if (($Store -eq 'Root') -and (-not (Test-SelfIssued -Certificate $certificate))) {
        return New-FixResult -Outcome 'refused' -Reason 'not-self-signed' -Before $before
    }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    Add-MachineCertificate -StoreName $Store -Certificate $certificate
    New-FixResult -Outcome 'changed' -Before $before -After (Get-PresenceFact -Store $Store -Thumbprint $Thumbprint)
}

function Assert-Gone {
    # What a group policy puts into a store cannot be taken out of it here.
    [CmdletBinding()]
    param([string] $Store, [string] $Thumbprint)
    if ((Get-PresenceFact -Store $Store -Thumbprint $Thumbprint).present) {
        throw (New-Object InvalidOperationException -ArgumentList @("$Thumbprint is still in $Store, as from a group policy"))
    }
}

function Remove-IssuerCertificate {
    [CmdletBinding()]
    param([string] $Thumbprint, [string] $Store, [bool] $Preview)
    Assert-IssuerStore -Store $Store
    $before = Get-PresenceFact -Store $Store -Thumbprint $Thumbprint
    if (-not $before.present) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    Remove-MachineCertificate -StoreName $Store -Thumbprint $Thumbprint
    Assert-Gone -Store $Store -Thumbprint $Thumbprint
    New-FixResult -Outcome 'changed' -Before $before -After (Get-PresenceFact -Store $Store -Thumbprint $Thumbprint)
}

function Get-PlaceFact {
    [CmdletBinding()]
    param([string] $Thumbprint)
    @{
        inRoot         = (Get-PresenceFact -Store 'Root' -Thumbprint $Thumbprint).present
        inIntermediate = (Get-PresenceFact -Store 'CA' -Thumbprint $Thumbprint).present
    }
}

function Move-MisplacedRoot {
    # First into the one store, then out of the other: in between no chain is without it.
    [CmdletBinding()]
    param([string] $Thumbprint, [bool] $Back, [bool] $Preview)
    $from = 'Root'
    $to = 'CA'
    if ($Back) {
        $from = 'CA'
        $to = 'Root'
    }
    $before = Get-PlaceFact -Thumbprint $Thumbprint
    $source = Get-StoredCertificate -StoreName $from -Thumbprint $Thumbprint
    $target = Get-StoredCertificate -StoreName $to -Thumbprint $Thumbprint
    if (($null -eq $source) -and ($null -ne $target)) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    if ($null -eq $source) { return New-FixResult -Outcome 'refused' -Reason 'not-in-store' -Before $before }
    if (Test-SelfIssued -Certificate $source) { return New-FixResult -Outcome 'refused' -Reason 'self-signed' -Before $before }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    if ($null -eq $target) { Add-MachineCertificate -StoreName $to -Certificate $source }
    Remove-MachineCertificate -StoreName $from -Thumbprint $Thumbprint
    Assert-Gone -Store $from -Thumbprint $Thumbprint
    New-FixResult -Outcome 'changed' -Before $before -After (Get-PlaceFact -Thumbprint $Thumbprint)
}
