# What kind of machine this is: in a domain or not, which Windows, real or virtual.

function Get-MachineFacts {
    # WMI refuses accounts that are no administrators here. What we may see then is less exact, but it still is an answer.
    [CmdletBinding()]
    param()
    try {
        $system = Get-CimInstance -ClassName 'Win32_ComputerSystem' -Property @('PartOfDomain', 'Domain', 'Manufacturer', 'Model')
        $windows = Get-CimInstance -ClassName 'Win32_OperatingSystem' -Property @('Version', 'Caption')
        $domain = $null
        if ($system.PartOfDomain) { $domain = "$($system.Domain)" }
        return @{
            domainJoined = [bool] $system.PartOfDomain
            domain       = $domain
            clockDomain  = $domain
            osVersion    = "$($windows.Version)"
            osName       = "$($windows.Caption)".Trim()
            virtual      = "$($system.Manufacturer) $($system.Model)" -match 'Virtual|VMware|KVM|QEMU|Xen|HVM|Bochs|Parallels'
        }
    }
    catch {
        # A domain account can only sign in where the machine is in a domain.
        $authority = [Environment]::UserDomainName
        $joined = ($authority -ne [Environment]::MachineName) -and ($authority -ne 'NT AUTHORITY')
        $domain = $null
        $clockDomain = $null
        if ($joined) {
            $domain = $authority
            $clockDomain = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().DomainName
        }
        @{
            domainJoined = $joined
            domain       = $domain
            clockDomain  = $clockDomain
            osVersion    = [Environment]::OSVersion.Version.ToString(3)
            osName       = ''
            virtual      = $null
        }
    }
}
