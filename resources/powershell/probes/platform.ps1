# What the product stands on and other probes do not tell: since when Windows runs, room on its disks, the replica's share, and how
# Schannel treats client certificates.

function Get-SchannelSetting {
    # $null where nothing is set: then the default of that Windows version holds.
    [CmdletBinding()]
    param([string] $Name)
    $value = Get-RegistryValue -Path 'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL' -Name $Name
    if ($null -eq $value) { return $null }
    [int] $value
}

function Get-PlatformFacts {
    [CmdletBinding()]
    param()
    $windows = Get-CimInstance -ClassName 'Win32_OperatingSystem' -Property @('LastBootUpTime')
    $disks = @(Get-CimInstance -ClassName 'Win32_LogicalDisk' -Filter 'DriveType=3' -Property @('DeviceID', 'FreeSpace'))
    $shares = @(Get-CimInstance -ClassName 'Win32_Share' -Filter "Name='xds-replica'" -Property @('Name'))
    $room = $null
    foreach ($disk in $disks) {
        if ($null -ne $disk.FreeSpace) {
            $own = [double] $disk.FreeSpace
            if (($null -eq $room) -or ($own -gt $room)) { $room = $own }
        }
    }
    $free = $null
    if ($null -ne $room) { $free = [int] [Math]::Floor($room / 1048576) }
    @{
        bootTime              = ConvertTo-UtcText -Value $windows.LastBootUpTime
        freeMegabytes         = $free
        replicaShare          = $shares.Count -gt 0
        clientAuthTrustMode   = Get-SchannelSetting -Name 'ClientAuthTrustMode'
        sendTrustedIssuerList = Get-SchannelSetting -Name 'SendTrustedIssuerList'
        enableSessionTicket   = Get-SchannelSetting -Name 'EnableSessionTicket'
    }
}
