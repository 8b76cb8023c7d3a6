# The machine's certificate stores, and which of its own certificates are looked at.

function Get-MachineCertificate {
    # Every certificate of one store of this machine. Nothing is created: a store that does not exist is an error.
    [CmdletBinding()]
    param([string] $StoreName)
    $location = [Security.Cryptography.X509Certificates.StoreLocation]::LocalMachine
    $store = New-Object Security.Cryptography.X509Certificates.X509Store -ArgumentList @($StoreName, $location)
    $store.Open([Security.Cryptography.X509Certificates.OpenFlags] 'ReadOnly, OpenExistingOnly')
    try { foreach ($certificate in $store.Certificates) { $certificate } }
    finally { $store.Close() }
}

function Select-OwnCertificate {
    # Those with a private key first, newest first, so that a bound cuts off what matters least.
    [CmdletBinding()]
    param([object[]] $Certificates, [int] $Most)
    $Certificates | Sort-Object -Property @('HasPrivateKey', 'NotBefore') -Descending | Select-Object -First $Most
}
