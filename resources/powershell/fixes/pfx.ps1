# A certificate with its private key into this machine's own store, from memory, and out of it again.

function Get-PossessionFact {
    # hasPrivateKey: the key really opens. A certificate goes on claiming one whose file is gone.
    [CmdletBinding()]
    param([string] $Thumbprint)
    $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint
    $opens = ($null -ne $own) -and $own.HasPrivateKey -and (Get-KeyContainerFacts -Certificate $own).opens
    @{ present = ($null -ne $own); hasPrivateKey = $opens }
}

function Add-CertificateWithKey {
    # A store may keep the link to a key that is gone when the same certificate comes again; then the old entry, of no use, goes first.
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate, [bool] $Again)
    Add-MachineCertificate -StoreName 'My' -Certificate $Certificate
    if ($Again -and -not (Get-PossessionFact -Thumbprint $Certificate.Thumbprint).hasPrivateKey) {
        Remove-MachineCertificate -StoreName 'My' -Thumbprint $Certificate.Thumbprint
        Add-MachineCertificate -StoreName 'My' -Certificate $Certificate
    }
}

function Open-PfxCertificate {
    # The certificate with the key, or the first where none has one. Kept: the key goes to the machine's keys for good, and may be
    # exported. Else only for a look: in memory where .NET can do that (4.7.2 and later), else in a container that goes with the object.
    [CmdletBinding()]
    param([byte[]] $Bytes, [Security.SecureString] $Password, [bool] $Keep)
    $words = 'MachineKeySet'
    if ($Keep) { $words = 'MachineKeySet, PersistKeySet, Exportable' }
    elseif ([Enum]::GetNames([Security.Cryptography.X509Certificates.X509KeyStorageFlags]) -contains 'EphemeralKeySet') { $words = 'EphemeralKeySet' }
    $flags = [Security.Cryptography.X509Certificates.X509KeyStorageFlags] $words
    New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList @($Bytes, $Password, $flags)
}

function Get-PfxObstacle {
    # Why this file cannot be taken in, or nothing. 0x80070056 ERROR_INVALID_PASSWORD is also what a Windows before Server 2019 says to a
    # file that is encrypted in a newer way than it knows.
    [CmdletBinding()]
    param([byte[]] $Bytes, [Security.SecureString] $Password, [string] $Thumbprint)
    $invalidPassword = -2147024810
    try { $certificate = Open-PfxCertificate -Bytes $Bytes -Password $Password -Keep $false }
    catch {
        $real = Get-InnermostException -Exception $_.Exception
        if ([Runtime.InteropServices.Marshal]::GetHRForException($real) -ne $invalidPassword) { throw }
        return 'wrong-password'
    }
    try {
        if (-not (Test-SameText -One $certificate.Thumbprint -Other $Thumbprint)) { return 'wrong-certificate' }
        if (-not $certificate.HasPrivateKey) { return 'no-private-key' }
    }
    finally { $certificate.Reset() }
}

function Import-OAuthPfx {
    [CmdletBinding()]
    param([Security.SecureString[]] $Parts, [Security.SecureString] $Password, [string] $Thumbprint, [bool] $Preview)
    $before = Get-PossessionFact -Thumbprint $Thumbprint
    if ($before.present -and $before.hasPrivateKey) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    [byte[]] $bytes = @()
    try {
        $bytes = ConvertFrom-SecretParts -Parts $Parts
        $obstacle = Get-PfxObstacle -Bytes $bytes -Password $Password -Thumbprint $Thumbprint
        if ($null -ne $obstacle) { return New-FixResult -Outcome 'refused' -Reason $obstacle -Before $before }
        if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
        $certificate = Open-PfxCertificate -Bytes $bytes -Password $Password -Keep $true
        try { Add-CertificateWithKey -Certificate $certificate -Again $before.present }
        catch {
            # A key that no certificate of this machine leads to would lie here for ever.
            if ($null -eq (Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint)) { Remove-KeyContainer -Certificate $certificate }
            throw
        }
    }
    finally { if ($null -ne $bytes) { [Array]::Clear($bytes, 0, $bytes.Length) } }
    $after = Get-PossessionFact -Thumbprint $Thumbprint
    if (-not $after.hasPrivateKey) { throw (New-Object InvalidOperationException -ArgumentList @('the store did not take over the private key')) }
    New-FixResult -Outcome 'changed' -Before $before -After $after
}

function Test-Assigned {
    # For whatever use. Where it cannot be told which certificates are named, this one may be among them.
    [CmdletBinding()]
    param([string] $Thumbprint)
    $state = Get-AssignmentState
    if ($state.named -eq 'unreadable') { return $true }
    $names = @($state.named, $state.thumbprint, $state.stagedThumbprint, $state.previousThumbprint)
    # SilentlyContinue: another certificate that cannot be read says nothing about this one.
    try { $others = @(Get-CsCertificate -ErrorAction SilentlyContinue) }
    catch { return $true }
    foreach ($other in $others) { $names += "$(Get-PropertyValue -InputObject $other -Name 'Thumbprint')" }
    $names -contains $Thumbprint
}

function Test-Bound {
    # Whether a web site or another listener of Windows' HTTP service shows it. The hash reads the same in every language; that nothing
    # at all is bound may come as an exit code of its own.
    [CmdletBinding()]
    param([string] $Thumbprint)
    $said = Invoke-SystemTool -Name 'netsh.exe' -Arguments 'http show sslcert' -Milliseconds 20000
    if ($null -eq $said.exitCode) { throw (New-Object TimeoutException -ArgumentList @('netsh did not tell which certificates are bound')) }
    @($said.lines | Where-Object { $_ -match $Thumbprint }).Count -gt 0
}

function Remove-OwnCertificate {
    # The way back from an import or a request, and out of the way when it was one too many.
    [CmdletBinding()]
    param([string] $Thumbprint, [bool] $Preview)
    $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint
    $before = @{ present = ($null -ne $own) }
    if ($null -eq $own) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    if (Test-Assigned -Thumbprint $own.Thumbprint) { return New-FixResult -Outcome 'refused' -Reason 'assigned' -Before $before }
    if (Test-Bound -Thumbprint $own.Thumbprint) { return New-FixResult -Outcome 'refused' -Reason 'bound' -Before $before }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    $notes = @(Remove-CertificateWithKey -StoreName 'My' -Certificate $own)
    $left = Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint
    New-FixResult -Outcome 'changed' -Before $before -After @{ present = ($null -ne $left) } -Notes $notes
}
