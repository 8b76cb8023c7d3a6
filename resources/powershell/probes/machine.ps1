# What kind of machine this is: in a domain or not, which Windows, real or virtual.

function Get-AccountDomain {
    # Where the account comes from, and this machine's own DNS suffix.
    [CmdletBinding()]
    param()
    $network = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    @{ authority = [Environment]::UserDomainName; suffix = $network.DomainName }
}

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
        $own = Get-AccountDomain
        $joined = ($own.authority -ne [Environment]::MachineName) -and ($own.authority -ne 'NT AUTHORITY')
        $domain = $null
        $clockDomain = $null
        if ($joined) {
            $domain = $own.authority
            $clockDomain = $own.suffix
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
