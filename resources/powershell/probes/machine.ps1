# What kind of machine this is: in a domain or not, which Windows, real or virtual.

function Get-MachineFacts {
    # WMI refuses accounts that are no administrators here. That stays an error: a refused look is not an absent thing.
    [CmdletBinding()]
    param()
    $system = Get-CimInstance -ClassName 'Win32_ComputerSystem' -Property @('PartOfDomain', 'Domain', 'Manufacturer', 'Model')
    $windows = Get-CimInstance -ClassName 'Win32_OperatingSystem' -Property @('Version', 'Caption')
    $domain = $null
    if ($system.PartOfDomain) { $domain = "$($system.Domain)" }
    @{
        domainJoined = [bool] $system.PartOfDomain
        domain       = $domain
        osVersion    = "$($windows.Version)"
        osName       = "$($windows.Caption)".Trim()
        virtual      = "$($system.Manufacturer) $($system.Model)" -match 'Virtual|VMware|KVM|QEMU|Xen|HVM|Bochs|Parallels'
    }
}
