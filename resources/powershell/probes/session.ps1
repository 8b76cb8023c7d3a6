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

function Get-ShortName {
    # The NetBIOS name, which stands in front of local accounts.
    [CmdletBinding()]
    param()
    [Environment]::MachineName
}

function Get-MachineGuess {
    # Where WMI refuses us. A domain account can only sign in where the machine is in a domain.
    [CmdletBinding()]
    param([string] $Account)
    $authority = $Account.Split([char[]] @('\'))[0]
    $joined = ($authority -ne (Get-ShortName)) -and ($authority -ne 'NT AUTHORITY')
    $domain = $null
    if ($joined) { $domain = $authority }
    @{ domainJoined = $joined; domain = $domain; osVersion = [Environment]::OSVersion.Version.ToString(3); osName = '' }
}

function Get-SessionFacts {
    # The groups must come back in any case: they say why everything else is refused.
    [CmdletBinding()]
    param()
    $token = Get-TokenIdentity
    try { $machine = Get-MachineFacts }
    catch { $machine = Get-MachineGuess -Account $token.account }
    @{
        powershell     = "$($PSVersionTable.PSVersion)"
        process64      = [Environment]::Is64BitProcess
        os64           = [Environment]::Is64BitOperatingSystem
        computer       = Get-ShortName
        fqdn           = Get-FullName
        domainJoined   = $machine.domainJoined
        domain         = $machine.domain
        osVersion      = $machine.osVersion
        osName         = $machine.osName
        account        = $token.account
        authentication = $token.authentication
        impersonation  = $token.impersonation
        elevated       = $token.elevated
        groups         = @($token.groups)
    }
}
