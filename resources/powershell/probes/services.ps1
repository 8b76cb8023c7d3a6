# State and start mode of the services that matter. Get-Service tells no start mode before PowerShell 5, WMI always does.

function Test-ServiceFlag {
    # What only the registry tells on every version of Windows: a delayed start, a removal that waits for the next restart.
    [CmdletBinding()]
    param([string] $Service, [string] $Name)
    $value = Get-RegistryValue -Path "SYSTEM\CurrentControlSet\Services\$Service" -Name $Name
    "$value" -eq '1'
}

function Get-ServiceFacts {
    # Only services that exist here come back. The words of State and StartMode are the same in every language.
    [CmdletBinding()]
    param([string[]] $Names)
    $found = @(Get-CimInstance -ClassName 'Win32_Service' -Property @('Name', 'DisplayName', 'State', 'StartMode'))
    foreach ($service in $found) {
        if ($Names -contains $service.Name) {
            @{
                name        = "$($service.Name)"
                displayName = "$($service.DisplayName)"
                state       = "$($service.State)"
                startMode   = "$($service.StartMode)"
                delayed     = Test-ServiceFlag -Service $service.Name -Name 'DelayedAutostart'
                deleting    = Test-ServiceFlag -Service $service.Name -Name 'DeleteFlag'
            }
        }
    }
}
