# Which certificate the whole deployment signs its tokens with. It is set once, on one server; replication carries it to the others.

function Get-AssignmentObstacle {
    # Why this certificate must not be assigned now, or nothing. In the order in which one would look.
    [CmdletBinding()]
    param([hashtable] $State, [string] $Thumbprint, [string] $ExpectedThumbprint)
    if (-not (Test-SameText -One $State.named -Other $ExpectedThumbprint)) { return 'changed-meanwhile' }
    $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint
    if ($null -eq $own) { return 'not-in-store' }
    if (-not $own.HasPrivateKey) { return 'no-private-key' }
    $key = Get-KeyContainerFacts -Certificate $own
    if ((-not $key.opens) -and ($key.problem -ne 'provider')) { return 'no-private-key' }
    if ($key.kind -ne 'csp') { return 'key-not-csp' }
    if (-not $key.exportable) { return 'key-not-exportable' }
    if ($own.NotAfter -le [DateTime]::Now) { return 'expired' }
}

function Wait-AssignmentState {
    # The local store follows the Central Management Store; on the server that holds that store within moments.
    [CmdletBinding()]
    param([string] $Thumbprint, [double] $Seconds)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $state = Get-AssignmentState
        $arrived = @($state.named, $state.stagedThumbprint) -contains $Thumbprint
        if ($arrived -or ($watch.Elapsed.TotalSeconds -ge $Seconds)) { return $state }
        [Threading.Thread]::Sleep(2000)
    }
}

function ConvertTo-CurrentFact {
    [CmdletBinding()]
    param([hashtable] $State)
    @{ thumbprint = $State.thumbprint; updateTime = $State.updateTime }
}

function Set-OAuthAssignment {
    [CmdletBinding()]
    param([string] $Thumbprint, [string] $ExpectedThumbprint, [bool] $Preview)
    $state = Get-AssignmentState
    $before = ConvertTo-CurrentFact -State $state
    $current = ($Thumbprint.Length -gt 0) -and (Test-SameText -One $state.thumbprint -Other $Thumbprint)
    if ($current -and ($null -eq $state.stagedThumbprint)) {
        return New-FixResult -Outcome 'already' -Before $before -After $before
    }
    $obstacle = Get-AssignmentObstacle -State $state -Thumbprint $Thumbprint -ExpectedThumbprint $ExpectedThumbprint
    if ($null -ne $obstacle) { return New-FixResult -Outcome 'refused' -Reason $obstacle -Before $before }
    $folder = New-PrivateFolder
    try {
        $change = @{
            Identity   = 'Global'
            Type       = 'OAuthTokenIssuer'
            Thumbprint = $Thumbprint
            Report     = [IO.Path]::Combine($folder, 'report.html')
            WhatIf     = $Preview
            Confirm    = $false
        }
        [void] @(Set-CsCertificate @change)
        if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
        $notes = @(Read-ReportText -Path $change.Report)
    }
    finally { Remove-PrivateFolder -Path $folder }
    $after = ConvertTo-CurrentFact -State (Wait-AssignmentState -Thumbprint $Thumbprint -Seconds 20)
    New-FixResult -Outcome 'changed' -Before $before -After $after -Notes $notes
}

function ConvertTo-StagedFact {
    [CmdletBinding()]
    param([hashtable] $State)
    @{
        thumbprint       = $State.thumbprint
        stagedThumbprint = $State.stagedThumbprint
        effectiveDate    = $State.effectiveDate
    }
}

function Get-DateObstacle {
    # Tokens live for a day: the new certificate must be known for that long before it is used, and used before the old one ends.
    [CmdletBinding()]
    param([hashtable] $State, [string] $Thumbprint, [DateTime] $Effective)
    $leadHours = 24
    if ($Effective -lt [DateTime]::Now.AddHours($leadHours)) { return 'too-soon' }
    foreach ($name in @($State.thumbprint, $Thumbprint)) {
        $certificate = Get-StoredCertificate -StoreName 'My' -Thumbprint $name
        if (($null -ne $certificate) -and ($Effective -ge $certificate.NotAfter)) { return 'after-expiry' }
    }
}

function Add-StagedOAuth {
    # -EffectiveDate as text would be read in this account's regional format: it goes as a moment of this server's local time.
    [CmdletBinding()]
    param([string] $Thumbprint, [string] $EffectiveDate, [string] $ExpectedThumbprint, [bool] $Preview)
    $culture = [Globalization.CultureInfo]::InvariantCulture
    $moment = [DateTime]::Parse($EffectiveDate, $culture, [Globalization.DateTimeStyles]::RoundtripKind).ToLocalTime()
    $state = Get-AssignmentState
    $before = ConvertTo-StagedFact -State $state
    $sameMoment = Test-SameText -One $state.effectiveDate -Other (ConvertTo-UtcText -Value $moment)
    $staged = (Test-SameText -One $state.stagedThumbprint -Other $Thumbprint) -and $sameMoment
    $current = ($Thumbprint.Length -gt 0) -and (Test-SameText -One $state.thumbprint -Other $Thumbprint)
    if ($staged -or $current) {
        return New-FixResult -Outcome 'already' -Before $before -After $before
    }
    $obstacle = Get-AssignmentObstacle -State $state -Thumbprint $Thumbprint -ExpectedThumbprint $ExpectedThumbprint
    if ($null -eq $obstacle) { $obstacle = Get-DateObstacle -State $state -Thumbprint $Thumbprint -Effective $moment }
    if ($null -ne $obstacle) { return New-FixResult -Outcome 'refused' -Reason $obstacle -Before $before }
    $folder = New-PrivateFolder
    try {
        $change = @{
            Identity      = 'Global'
            Type          = 'OAuthTokenIssuer'
            Thumbprint    = $Thumbprint
            Roll          = $true
            EffectiveDate = $moment
            Report        = [IO.Path]::Combine($folder, 'report.html')
            WhatIf        = $Preview
            Confirm       = $false
        }
        [void] @(Set-CsCertificate @change)
        if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
        $notes = @(Read-ReportText -Path $change.Report)
    }
    finally { Remove-PrivateFolder -Path $folder }
    $after = ConvertTo-StagedFact -State (Wait-AssignmentState -Thumbprint $Thumbprint -Seconds 20)
    New-FixResult -Outcome 'changed' -Before $before -After $after -Notes $notes
}

function Remove-PreviousOAuth {
    # While the new certificate still waits for its date, the previous one is the one in force: then it is left alone.
    [CmdletBinding()]
    param([string] $ExpectedPrevious, [bool] $Preview)
    $state = Get-AssignmentState
    $before = @{ previousThumbprint = $state.previousThumbprint }
    if ($null -eq $state.previousThumbprint) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    if ((-not (Test-SameText -One $state.previousThumbprint -Other $ExpectedPrevious)) -or ($null -ne $state.stagedThumbprint)) {
        return New-FixResult -Outcome 'refused' -Reason 'changed-meanwhile' -Before $before
    }
    $folder = New-PrivateFolder
    try {
        $report = [IO.Path]::Combine($folder, 'report.html')
        [void] @(Remove-CsCertificate -Type 'OAuthTokenIssuer' -Identity 'Global' -Previous -Report $report -WhatIf:$Preview -Confirm:$false)
        if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
        $notes = @(Read-ReportText -Path $report)
    }
    finally { Remove-PrivateFolder -Path $folder }
    New-FixResult -Outcome 'changed' -Before $before -After @{ previousThumbprint = (Get-AssignmentState).previousThumbprint } -Notes $notes
}
