# Whether the private keys behind this machine's certificates open, where they live, and whether they may be exported.

function Get-KeyProblem {
    # 0x80090016 NTE_BAD_KEYSET and 0x8009000D NTE_NO_KEY: the key file is gone. 0x80070005, 0x80090010 NTE_PERM: it refuses us.
    # 0x80090014 NTE_BAD_PROV_TYPE, 0x80090017, 0x80090019, 0x8009001E, 0x80090030: the provider does not fit, is missing or is not ready.
    [CmdletBinding()]
    param([int] $HResult)
    $code = '{0:X8}' -f $HResult
    if (@('80090016', '8009000D') -contains $code) { return 'missing-key-file' }
    if (@('80070005', '80090010') -contains $code) { return 'access-denied' }
    if (@('80090014', '80090017', '80090019', '8009001E', '80090030') -contains $code) { return 'provider' }
    'other'
}

function New-KeyFact {
    # The shape with nothing known yet.
    [CmdletBinding()]
    param([string] $Thumbprint)
    @{
        thumbprint   = $Thumbprint
        opens        = $false
        kind         = $null
        provider     = $null
        providerType = $null
        keySpec      = $null
        exportable   = $null
        container    = $null
        problem      = $null
        hresult      = $null
        message      = $null
    }
}

function Add-KeyFailure {
    [CmdletBinding()]
    param([hashtable] $Fact, [Exception] $Exception)
    $real = Get-InnermostException -Exception $Exception
    $Fact.hresult = [Runtime.InteropServices.Marshal]::GetHRForException($real)
    $Fact.problem = Get-KeyProblem -HResult $Fact.hresult
    $Fact.message = "$($real.Message)"
}

function Get-CngKeyFact {
    # Since .NET 4.6; before that such a key is only known by the refusal of the older interface.
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate, [hashtable] $Fact)
    $Fact.kind = 'cng'
    $Fact.keySpec = 0
    $extensions = 'System.Security.Cryptography.X509Certificates.RSACertificateExtensions' -as [type]
    if ($null -eq $extensions) {
        $Fact.problem = 'provider'
        return
    }
    try {
        $rsa = $extensions::GetRSAPrivateKey($Certificate)
        $key = Get-PropertyValue -InputObject $rsa -Name 'Key'
        if ($null -eq $key) {
            $Fact.problem = 'other'
            return
        }
        $Fact.provider = "$($key.Provider.Provider)"
        $Fact.providerType = 0
        $Fact.container = "$($key.UniqueName)"
        # AllowExport 1, AllowPlaintextExport 2
        $Fact.exportable = (([int] $key.ExportPolicy) -band 3) -ne 0
        $Fact.opens = $true
        $Fact.hresult = $null
        $Fact.message = $null
    }
    catch { Add-KeyFailure -Fact $Fact -Exception $_.Exception }
}

function Get-KeyContainerFacts {
    # One certificate. The accessor is called as a method, because a property that throws may read as nothing.
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $fact = New-KeyFact -Thumbprint $Certificate.Thumbprint
    try {
        $key = $Certificate.get_PrivateKey()
        if ($key -is [Security.Cryptography.RSACryptoServiceProvider]) {
            $container = $key.CspKeyContainerInfo
            $fact.kind = 'csp'
            $fact.provider = "$($container.ProviderName)"
            $fact.providerType = [int] $container.ProviderType
            $fact.keySpec = [int] $container.KeyNumber
            $fact.container = "$($container.get_UniqueKeyContainerName())"
            $fact.exportable = [bool] $container.get_Exportable()
            $fact.opens = $true
        }
        else { Get-CngKeyFact -Certificate $Certificate -Fact $fact }
    }
    catch {
        Add-KeyFailure -Fact $fact -Exception $_.Exception
        if ($fact.problem -eq 'provider') {
            $fact.problem = $null
            Get-CngKeyFact -Certificate $Certificate -Fact $fact
        }
    }
    $fact
}

function Get-KeyFacts {
    [CmdletBinding()]
    param()
    $mostKeys = 100
    $own = @(Get-MachineCertificate -StoreName 'My' | Where-Object { $_.HasPrivateKey })
    foreach ($certificate in @(Select-OwnCertificate -Certificates $own -Most $mostKeys)) {
        Get-KeyContainerFacts -Certificate $certificate
    }
}
