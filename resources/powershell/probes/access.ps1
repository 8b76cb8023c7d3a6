# Who may read the files that hold this machine's private keys, and which accounts the product needs them for.

function Get-AccountId {
    # The SID of an account as text; $null where no such account is known. "LocalSystem" is a word of the service manager alone.
    [CmdletBinding()]
    param([string] $Name)
    if ($Name -eq 'LocalSystem') { return 'S-1-5-18' }
    $full = $Name -replace '^\.\\', "$([Environment]::MachineName)\"
    try {
        $account = New-Object Security.Principal.NTAccount -ArgumentList @($full)
        "$($account.Translate([Security.Principal.SecurityIdentifier]).Value)"
    }
    catch { $null }
}

function Get-AccountName {
    # DOMAIN\name in the language of this Windows; $null where the SID belongs to nobody any more.
    [CmdletBinding()]
    param([string] $Id)
    try {
        $sid = New-Object Security.Principal.SecurityIdentifier -ArgumentList @($Id)
        "$($sid.Translate([Security.Principal.NTAccount]).Value)"
    }
    catch { $null }
}

function Get-ServiceAccountFact {
    # NETWORK SERVICE (S-1-5-20) is what setup chooses for the product's services and web pools; the Front-End service tells if it is so.
    [CmdletBinding()]
    param()
    $users = @{ 'S-1-5-20' = @() }
    foreach ($service in @(Get-CimInstance -ClassName 'Win32_Service' -Filter "Name='RTCSRV'" -Property @('Name', 'StartName'))) {
        $id = Get-AccountId -Name "$($service.StartName)"
        if ($null -ne $id) { $users[$id] = @($users[$id]) + @("$($service.Name)") }
    }
    foreach ($id in @($users.Keys | Sort-Object)) {
        $name = Get-AccountName -Id $id
        if ($null -eq $name) { $name = $id }
        @{ account = $name; sid = $id; services = @($users[$id] | Where-Object { $null -ne $_ }) }
    }
}

function Get-KeyFilePath {
    # Machine keys lie in one of three folders, by provider. Nothing where the key is in no file, as on a smart card.
    [CmdletBinding()]
    param([string] $Container)
    if ($Container -notmatch '^[\w.{}-]+$') { return }
    $data = [Environment]::GetFolderPath('CommonApplicationData')
    foreach ($folder in @('RSA\MachineKeys', 'Keys', 'SystemKeys')) {
        $path = [IO.Path]::Combine($data, 'Microsoft\Crypto', $folder, $Container)
        if ([IO.File]::Exists($path)) { return $path }
    }
}

function Get-KeyFileRule {
    # The entries of a file's access list in their order, the inherited ones too. Asked of the file itself: opening the key needs more.
    [CmdletBinding()]
    param([string] $Path)
    $security = [IO.File]::GetAccessControl($Path, [Security.AccessControl.AccessControlSections]::Access)
    foreach ($rule in $security.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])) {
        @{ sid = "$($rule.IdentityReference.Value)"; allow = "$($rule.AccessControlType)" -eq 'Allow'; rights = [int] $rule.FileSystemRights }
    }
}

function Test-ReadRight {
    # FILE_READ_DATA, GENERIC_ALL, or GENERIC_READ, which is the sign of the number.
    [CmdletBinding()]
    param([int] $Rights)
    (($Rights -band 1) -ne 0) -or (($Rights -band 0x10000000) -ne 0) -or ($Rights -lt 0)
}

function Get-KeyAccessFact {
    # One certificate. A key that does not even open tells its problem instead.
    [CmdletBinding()]
    param([object] $Certificate, [hashtable] $Names)
    $key = Get-KeyContainerFacts -Certificate $Certificate
    $fact = @{ thumbprint = $key.thumbprint; container = $key.container; rules = @(); problem = $key.problem; message = $key.message }
    if ([string]::IsNullOrEmpty($key.container)) {
        if ($null -eq $fact.problem) { $fact.problem = 'no-key-file' }
        return $fact
    }
    try {
        $path = Get-KeyFilePath -Container $key.container
        if ($null -eq $path) {
            $fact.problem = 'no-key-file'
            return $fact
        }
        $rules = foreach ($rule in @(Get-KeyFileRule -Path $path)) {
            if (-not $Names.ContainsKey($rule.sid)) { $Names[$rule.sid] = Get-AccountName -Id $rule.sid }
            @{ sid = $rule.sid; account = $Names[$rule.sid]; allow = $rule.allow; read = (Test-ReadRight -Rights $rule.rights) }
        }
        $fact.rules = @($rules | Where-Object { $null -ne $_ })
        $fact.problem = $null
        $fact.message = $null
    }
    catch {
        $real = Get-InnermostException -Exception $_.Exception
        $fact.problem = 'other'
        if ($real -is [UnauthorizedAccessException]) { $fact.problem = 'access-denied' }
        $fact.message = "$($real.Message)"
    }
    $fact
}

function Get-KeyAccessFacts {
    [CmdletBinding()]
    param()
    $mostKeys = 100
    $names = @{}
    $own = @(Get-MachineCertificate -StoreName 'My' | Where-Object { $_.HasPrivateKey })
    $keys = foreach ($certificate in @(Select-OwnCertificate -Certificates $own -Most $mostKeys)) {
        Get-KeyAccessFact -Certificate $certificate -Names $names
    }
    @{
        accounts = @(Get-ServiceAccountFact)
        keys     = @($keys | Where-Object { $null -ne $_ })
    }
}
