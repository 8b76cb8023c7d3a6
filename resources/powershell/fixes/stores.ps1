# Changes in the machine's certificate stores, and what becomes of private keys.

function Get-StoredCertificate {
    # The one with this thumbprint, or nothing. The thumbprint is only compared.
    [CmdletBinding()]
    param([string] $StoreName, [string] $Thumbprint)
    Get-MachineCertificate -StoreName $StoreName | Where-Object { Test-SameText -One $_.Thumbprint -Other $Thumbprint } | Select-Object -First 1
}

function Get-PendingCertificate {
    # Stand-ins of requests that were sent out and not answered yet: same key, own signature. Windows makes the store with the first.
    [CmdletBinding()]
    param()
    $fileNotFound = -2147024894
    try { Get-MachineCertificate -StoreName 'REQUEST' }
    catch {
        $real = Get-InnermostException -Exception $_.Exception
        if ([Runtime.InteropServices.Marshal]::GetHRForException($real) -ne $fileNotFound) { throw }
    }
}

function Open-WritableStore {
    [CmdletBinding()]
    param([string] $StoreName)
    $location = [Security.Cryptography.X509Certificates.StoreLocation]::LocalMachine
    $store = New-Object Security.Cryptography.X509Certificates.X509Store -ArgumentList @($StoreName, $location)
    $store.Open([Security.Cryptography.X509Certificates.OpenFlags] 'ReadWrite, OpenExistingOnly')
    $store
}

function Add-MachineCertificate {
    [CmdletBinding()]
    param([string] $StoreName, [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $store = Open-WritableStore -StoreName $StoreName
    try { $store.Add($Certificate) }
    finally { $store.Close() }
}

function Remove-MachineCertificate {
    # Every copy: a store is made of several physical ones.
    [CmdletBinding()]
    param([string] $StoreName, [string] $Thumbprint)
    $store = Open-WritableStore -StoreName $StoreName
    try {
        foreach ($certificate in @($store.Certificates)) {
            if (Test-SameText -One $certificate.Thumbprint -Other $Thumbprint) { $store.Remove($certificate) }
        }
    }
    finally { $store.Close() }
}

function Remove-KeyContainer {
    # The key behind a certificate object, for good. Throws where it cannot be opened.
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $extensions = 'System.Security.Cryptography.X509Certificates.RSACertificateExtensions' -as [type]
    $key = $null
    try { $key = $Certificate.get_PrivateKey() }
    catch { if ($null -eq $extensions) { throw } }
    if ($key -is [Security.Cryptography.RSACryptoServiceProvider]) {
        $key.PersistKeyInCsp = $false
        $key.Clear()
        return
    }
    if ($null -ne $extensions) {
        $rsa = $extensions::GetRSAPrivateKey($Certificate)
        $named = Get-PropertyValue -InputObject $rsa -Name 'Key'
        if ($null -ne $named) { $named.Delete() }
    }
}

function Remove-CertificateWithKey {
    # Notes come back. A key that another certificate or request here shares stays: a renewal may have been made with the same key.
    [CmdletBinding()]
    param([string] $StoreName, [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $public = $Certificate.GetPublicKeyString()
    $thumbprint = $Certificate.Thumbprint
    $others = @(@(Get-MachineCertificate -StoreName 'My') + @(Get-PendingCertificate) | Where-Object {
            ($_.GetPublicKeyString() -eq $public) -and ($_.Thumbprint -ne $thumbprint)
        })
    $ownsKey = $Certificate.HasPrivateKey
    Remove-MachineCertificate -StoreName $StoreName -Thumbprint $thumbprint
    if (-not $ownsKey) { return }
    if ($others.Count -gt 0) { return "key kept, shared with $($others[0].Thumbprint)" }
    try { Remove-KeyContainer -Certificate $Certificate }
    catch { "key left behind: $((Get-InnermostException -Exception $_.Exception).Message)" }
}
