# This server's clock: what keeps it, and how far the domain controller's is away. w32tm speaks the language of Windows: its lines
# are read by position and by their numbers, never by their words.

function Invoke-TimeTool {
    # The lines that w32tm.exe prints. Ended when it takes longer than it may; then what it had printed counts.
    [CmdletBinding()]
    param([string] $Arguments, [int] $Milliseconds)
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = [IO.Path]::Combine([Environment]::SystemDirectory, 'w32tm.exe')
    $start.Arguments = $Arguments
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardInput = $true
    $process = [Diagnostics.Process]::Start($start)
    try {
        $process.StandardInput.Close()
        $reading = $process.StandardOutput.ReadToEndAsync()
        if (-not $process.WaitForExit($Milliseconds)) { $process.Kill() }
        if (-not $reading.Wait(2000)) { return }
        foreach ($line in $reading.Result.Split([char[]] @(10, 13), [StringSplitOptions]::RemoveEmptyEntries)) {
            if ($line.Trim().Length -gt 0) { $line }
        }
    }
    finally { $process.Dispose() }
}

function ConvertFrom-TimeStatus {
    # Nine lines "label: value" in fixed order: leap indicator, stratum, precision, root delay, root dispersion, reference id,
    # last successful synchronisation, source, poll interval. Anything else (an error text) leaves every field unknown.
    [CmdletBinding()]
    param([string[]] $Lines)
    $fact = @{ leap = $null; stratum = $null; lastSync = $null; source = $null }
    $values = @(foreach ($line in $Lines) { $line -replace '^[^:\uFF1A]*[:\uFF1A]\s*', '' })
    if ($values.Count -lt 9) { return $fact }
    $leap = [regex]::Match($values[0], '^\d+')
    $stratum = [regex]::Match($values[1], '^\d+')
    if (-not ($leap.Success -and $stratum.Success)) { return $fact }
    $fact.leap = [int] $leap.Value
    $fact.stratum = [int] $stratum.Value
    $fact.source = $values[7].Trim()
    # Written in this account's own regional format, in local time, with invisible direction marks in some languages.
    $moment = [DateTime]::MinValue
    $text = $values[6] -replace '[\u200E\u200F]', ''
    if ([DateTime]::TryParse($text, [Globalization.CultureInfo]::CurrentCulture, [Globalization.DateTimeStyles]::AssumeLocal, [ref] $moment)) {
        $fact.lastSync = ConvertTo-UtcText -Value $moment
    }
    $fact
}

function ConvertFrom-StripChart {
    # Sample lines hold two signed numbers of seconds, the round trip and the offset (theirs minus ours), in this order and in every
    # language. The sample with the shortest round trip is the best; half of it and one tick of the clock are the error.
    [CmdletBinding()]
    param([string[]] $Lines)
    $tick = 0.016
    $best = $null
    foreach ($line in $Lines) {
        $numbers = [regex]::Matches($line, '([+-]\d+[.,]\d+)s')
        if ($numbers.Count -eq 2) {
            $culture = [Globalization.CultureInfo]::InvariantCulture
            $delay = [Math]::Abs([double]::Parse($numbers[0].Groups[1].Value.Replace(',', '.'), $culture))
            $offset = [double]::Parse($numbers[1].Groups[1].Value.Replace(',', '.'), $culture)
            if (($null -eq $best) -or ($delay -lt $best.delay)) { $best = @{ delay = $delay; offset = $offset } }
        }
    }
    if ($null -eq $best) { return @{ offset = $null; error = $null } }
    @{ offset = $best.offset; error = $best.delay / 2 + $tick }
}

function Get-DomainClockName {
    # The source where the domain hierarchy keeps the clock, else the domain itself, whose name stands for its controllers.
    # Only what can be a host name is handed on to a command line.
    [CmdletBinding()]
    param([string] $Type, [string] $Source, [string] $Domain)
    $name = $Domain
    if (($Type -eq 'NT5DS') -and ($Source -match '^[A-Za-z0-9._-]+(,0x[0-9A-Fa-f]+)?$')) { $name = $Source.Split([char[]] @(','))[0] }
    if ($name -match '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$') { return $name }
    return $null
}

function Get-TimeSetting {
    # A group policy goes before the service's own setting.
    [CmdletBinding()]
    param([string] $Name)
    $policy = Get-RegistryValue -Path 'SOFTWARE\Policies\Microsoft\W32Time\Parameters' -Name $Name
    if ($null -ne $policy) { return "$policy" }
    ConvertTo-FactText -Value (Get-RegistryValue -Path 'SYSTEM\CurrentControlSet\Services\W32Time\Parameters' -Name $Name)
}

function Get-TimeFacts {
    [CmdletBinding()]
    param()
    $machine = Get-MachineFacts
    $found = @(Get-CimInstance -ClassName 'Win32_Service' -Filter "Name='W32Time'" -Property @('State', 'StartMode'))
    $service = @{ state = $null; startMode = $null }
    if ($found.Count -gt 0) { $service = @{ state = "$($found[0].State)"; startMode = "$($found[0].StartMode)" } }
    $type = Get-TimeSetting -Name 'Type'
    $vmic = Get-RegistryValue -Path 'SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\VMICTimeProvider' -Name 'Enabled'
    $enabled = $null
    if ($null -ne $vmic) { $enabled = ([int] $vmic) -ne 0 }
    $status = ConvertFrom-TimeStatus -Lines @(Invoke-TimeTool -Arguments '/query /status' -Milliseconds 5000)
    $clock = @{ offset = $null; error = $null }
    $name = $null
    if ($machine.domainJoined) { $name = Get-DomainClockName -Type "$type" -Source "$($status.source)" -Domain "$($machine.domain)" }
    if ($null -ne $name) {
        $clock = ConvertFrom-StripChart -Lines @(Invoke-TimeTool -Arguments "/stripchart /computer:$name /samples:2 /period:1" -Milliseconds 10000)
    }
    @{
        utc              = [DateTime]::UtcNow.ToString('o')
        zone             = [TimeZoneInfo]::Local.Id
        serviceState     = $service.state
        serviceStartMode = $service.startMode
        type             = $type
        ntpServer        = Get-TimeSetting -Name 'NtpServer'
        source           = $status.source
        leap             = $status.leap
        stratum          = $status.stratum
        lastSync         = $status.lastSync
        vmicEnabled      = $enabled
        virtualMachine   = $machine.virtual
        dcName           = $name
        dcOffsetSeconds  = $clock.offset
        dcOffsetError    = $clock.error
        domainJoined     = $machine.domainJoined
    }
}
