# Who we are on this server and what kind of machine it is.

function Get-TokenIdentity {
    # Groups by name where the name can be found. A domain controller that does not answer leaves the SIDs, which are facts too.
    [CmdletBinding()]
    param()
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = New-Object Security.Principal.WindowsPrincipal -ArgumentList @($identity)
    try { $references = $identity.Groups.Translate([Security.Principal.NTAccount]) }
    catch { $references = $identity.Groups }
    $groups = @(foreach ($reference in $references) { "$($reference.Value)" })
    @{
        account        = $identity.Name
        authentication = "$($identity.AuthenticationType)"
        impersonation  = "$($identity.ImpersonationLevel)"
        elevated       = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
        groups         = $groups
    }
}

function Get-ComputerFacts {
    # WMI refuses accounts that are not administrators here; what we may see then is less exact, but the groups still come back.
    [CmdletBinding()]
    param([string] $Account)
    try {
        $system = Get-CimInstance -ClassName 'Win32_ComputerSystem' -Property @('PartOfDomain', 'Domain')
        $windows = Get-CimInstance -ClassName 'Win32_OperatingSystem' -Property @('Version', 'Caption')
        $domain = $null
        if ($system.PartOfDomain) { $domain = "$($system.Domain)" }
        return @{
            domainJoined = [bool] $system.PartOfDomain
            domain       = $domain
            osVersion    = "$($windows.Version)"
            osName       = "$($windows.Caption)".Trim()
        }
    }
    catch {
        $authority = "$Account".Split([char[]] @('\'))[0]
        $joined = ($authority -ne [Environment]::MachineName) -and ($authority -ne 'NT AUTHORITY')
        $domain = $null
        if ($joined) { $domain = $authority }
        @{ domainJoined = $joined; domain = $domain; osVersion = "$([Environment]::OSVersion.Version.ToString(3))"; osName = '' }
    }
}

function Get-SessionFacts {
    [CmdletBinding()]
    param()
    $token = Get-TokenIdentity
    $computer = Get-ComputerFacts -Account $token.account
    @{
        powershell     = "$($PSVersionTable.PSVersion)"
        process64      = [Environment]::Is64BitProcess
        os64           = [Environment]::Is64BitOperatingSystem
        computer       = [Environment]::MachineName
        fqdn           = Get-FullName
        domainJoined   = $computer.domainJoined
        domain         = $computer.domain
        osVersion      = $computer.osVersion
        osName         = $computer.osName
        account        = $token.account
        authentication = $token.authentication
        impersonation  = $token.impersonation
        elevated       = $token.elevated
        groups         = @($token.groups)
    }
}
