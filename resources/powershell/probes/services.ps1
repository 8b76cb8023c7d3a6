# State and start mode of the services that matter. Get-Service tells no start mode before PowerShell 5, WMI always does.

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
            }
        }
    }
}
