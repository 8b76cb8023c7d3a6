# Starting a service that should run, and the way back.

function Get-ServiceState {
    # $null where there is no such service. The name comes back as the server writes it: what was asked for is only compared.
    [CmdletBinding()]
    param([string] $Name)
    $found = @(Get-ServiceFacts -Names @($Name))
    if ($found.Count -eq 0) { return $null }
    @{ name = $found[0].name; state = $found[0].state; startMode = $found[0].startMode }
}

function ConvertTo-StateFact {
    [CmdletBinding()]
    param([hashtable] $Service)
    @{ state = $Service.state; startMode = $Service.startMode }
}

function Set-StartMode {
    # Set-Service says Automatic where WMI says Auto, and has no word for anything but these three.
    [CmdletBinding()]
    param([string] $Name, [string] $StartMode, [bool] $Preview)
    $words = @{ Auto = 'Automatic'; Manual = 'Manual'; Disabled = 'Disabled' }
    if (-not $words.ContainsKey($StartMode)) { throw (New-Object ArgumentException -ArgumentList @("no start mode: $StartMode")) }
    Set-Service -Name $Name -StartupType $words[$StartMode] -WhatIf:$Preview -Confirm:$false
}

function Wait-ServiceRunning {
    # Start-Service would wait for ever for a service that stays on its way. One that fell back to Stopped does not come any more.
    [CmdletBinding()]
    param([string] $Name, [double] $Seconds)
    $patience = 3
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $service = Get-ServiceState -Name $Name
        if (($null -eq $service) -or ($service.state -eq 'Running')) { return }
        $passed = $watch.Elapsed.TotalSeconds
        if (($passed -ge $Seconds) -or (($service.state -eq 'Stopped') -and ($passed -ge $patience))) { return }
        [Threading.Thread]::Sleep(500)
    }
}

function Start-StoppedService {
    # A service that will not start leaves its start mode as it was.
    [CmdletBinding()]
    param([string] $Name, [string] $ExpectedState, [string] $ExpectedStartMode, [string] $StartMode, [double] $Seconds, [bool] $Preview)
    $service = Get-ServiceState -Name $Name
    if ($null -eq $service) { return New-FixResult -Outcome 'refused' -Reason 'service-missing' }
    $before = ConvertTo-StateFact -Service $service
    $changesMode = ($StartMode.Length -gt 0) -and (-not (Test-SameText -One $before.startMode -Other $StartMode))
    if (($before.state -eq 'Running') -and (-not $changesMode)) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    $same = (Test-SameText -One $before.state -Other $ExpectedState) -and (Test-SameText -One $before.startMode -Other $ExpectedStartMode)
    if (-not $same) { return New-FixResult -Outcome 'refused' -Reason 'changed-meanwhile' -Before $before }
    if ($changesMode) { Set-StartMode -Name $service.name -StartMode $StartMode -Preview $Preview }
    if ($Preview) {
        Start-Service -Name $service.name -WhatIf -Confirm:$false
        return New-FixResult -Outcome 'preview' -Before $before
    }
    $notes = @()
    if ($before.state -ne 'Running') {
        try {
            (Get-Service -Name $service.name).Start()
            Wait-ServiceRunning -Name $service.name -Seconds $Seconds
        }
        catch { $notes += "$((Get-InnermostException -Exception $_.Exception).Message)" }
    }
    $after = ConvertTo-StateFact -Service (Get-ServiceState -Name $service.name)
    if ($after.state -eq 'Running') { return New-FixResult -Outcome 'changed' -Before $before -After $after -Notes $notes }
    if ($changesMode) {
        Set-StartMode -Name $service.name -StartMode $before.startMode -Preview $false
        $after = ConvertTo-StateFact -Service (Get-ServiceState -Name $service.name)
    }
    New-FixResult -Outcome 'refused' -Reason 'did-not-start' -Before $before -After $after -Notes $notes
}

function Stop-StartedService {
    # The way back. Without -Force: a service on which others meanwhile depend is not stopped over their heads.
    [CmdletBinding()]
    param([string] $Name, [string] $StartMode, [bool] $Preview)
    $service = Get-ServiceState -Name $Name
    if ($null -eq $service) { return New-FixResult -Outcome 'refused' -Reason 'service-missing' }
    $before = ConvertTo-StateFact -Service $service
    $changesMode = ($StartMode.Length -gt 0) -and (-not (Test-SameText -One $before.startMode -Other $StartMode))
    if (($before.state -eq 'Stopped') -and (-not $changesMode)) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    if ($before.state -ne 'Stopped') { Stop-Service -Name $service.name -WhatIf:$Preview -Confirm:$false }
    if ($changesMode) { Set-StartMode -Name $service.name -StartMode $StartMode -Preview $Preview }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    $after = ConvertTo-StateFact -Service (Get-ServiceState -Name $service.name)
    if ($after.state -ne 'Stopped') { throw (New-Object TimeoutException -ArgumentList @("$($service.name) is $($after.state)")) }
    New-FixResult -Outcome 'changed' -Before $before -After $after
}
