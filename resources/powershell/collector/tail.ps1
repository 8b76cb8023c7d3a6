function Get-TargetFile {
    # The full path of the file to write. One that exists is left alone.
    [CmdletBinding()]
    param([string] $Wanted, [string] $Server, [DateTime] $Moment)
    if ([string]::IsNullOrEmpty($Wanted)) { $Wanted = "$Server-$($Moment.ToString('yyyyMMddTHHmmssZ')).oauthcert.json" }
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Wanted)
    if ([IO.File]::Exists($path) -or [IO.Directory]::Exists($path)) { throw "$path exists already. Name another file with -OutFile." }
    $path
}

function New-Answer {
    # The shape in which the program keeps every answer.
    [CmdletBinding()]
    param([string] $Id)
    @{ probe = $Id; ok = $false; value = @(); fault = $null; errors = @(); warnings = @(); milliseconds = 0 }
}

function Read-Answer {
    # One question, asked under its own deadline. What goes wrong with it becomes part of its answer and never ends the collection.
    [CmdletBinding()]
    param([hashtable] $Probe, [hashtable] $Session)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $answer = New-Answer -Id $Probe.id
    try {
        $shell = [Management.Automation.PowerShell]::Create()
        $shell.Runspace = $Session.worker
        [void] $shell.AddCommand($Probe.function)
        foreach ($name in $Probe.arguments.Keys) { [void] $shell.AddParameter($name, $Probe.arguments[$name]) }
        $running = $shell.BeginInvoke()
        if ($running.AsyncWaitHandle.WaitOne([int] (1000 * $Probe.seconds))) {
            $answer.value = @($shell.EndInvoke($running) | ForEach-Object { $_ })
            $answer.ok = $true
            $answer.errors = @($shell.Streams.Error | Select-Object -First $MostRecords | ForEach-Object { ConvertTo-Fault -Record $_ })
            $answer.warnings = @($shell.Streams.Warning | Select-Object -First $MostRecords | ForEach-Object { Limit-Text -Text "$_" })
            $shell.Dispose()
        }
        else {
            $late = "no answer within $($Probe.seconds) s"
            $answer.fault = @{ category = 'OperationTimeout'; id = 'ProbeDeadline'; type = ''; message = $late; hresult = 0; target = ''; inner = @() }
            # What is stuck in native code never stops: leave it behind and go on with a fresh runspace.
            [void] $shell.BeginStop($null, $null)
            $Session.worker = New-Worker -Library $Session.library
            $Session.stuck = $true
        }
    }
    catch {
        $answer.ok = $false
        $answer.value = @()
        $answer.fault = ConvertTo-Fault -Record $_
    }
    $answer.milliseconds = [int] $watch.ElapsedMilliseconds
    $answer
}

function ConvertTo-AnswerText {
    # One line of JSON. An answer that cannot be written as such is kept as the error it made.
    [CmdletBinding()]
    param([hashtable] $Answer)
    try { return ConvertTo-Json -InputObject $Answer -Depth 12 -Compress }
    catch {
        $Answer.ok = $false
        $Answer.value = @()
        $Answer.fault = ConvertTo-Fault -Record $_
    }
    ConvertTo-Json -InputObject $Answer -Depth 12 -Compress
}

function ConvertTo-EvidenceText {
    # The whole file, one line for every answer, so that a person can read it.
    [CmdletBinding()]
    param([Collections.IDictionary] $Head, [string[]] $Answers)
    $lines = @(foreach ($name in $Head.Keys) { '  {0}: {1},' -f (ConvertTo-Json -InputObject $name), (ConvertTo-Json -InputObject $Head[$name]) })
    (@('{') + $lines + @('  "answers": {') + @($Answers -join ",`n") + @('  }', '}', '')) -join "`n"
}

function Get-OwnName {
    # The full name where it can be found, as the program knows this server; else the short one.
    [CmdletBinding()]
    param([hashtable] $Answer)
    $full = ''
    if ($Answer.ok -and (@($Answer.value).Count -eq 1)) { $full = "$(@($Answer.value)[0].fqdn)" }
    if ($full.Length -eq 0) { $full = [Environment]::MachineName }
    $full.ToLowerInvariant()
}

function Write-Evidence {
    # Under another name first, so that there is the whole file or none.
    [CmdletBinding()]
    param([string] $Path, [string] $Text)
    $part = "$Path.part"
    try {
        [IO.File]::WriteAllText($part, $Text, (New-Object Text.UTF8Encoding -ArgumentList @($false)))
        [IO.File]::Move($part, $Path)
    }
    finally {
        if ([IO.File]::Exists($part)) { [IO.File]::Delete($part) }
    }
}

function Test-Elevation {
    # Whether this window was opened as administrator. Where nobody can tell, nothing is said about it.
    [CmdletBinding()]
    param()
    try { $identity = New-Object Security.Principal.WindowsPrincipal -ArgumentList @([Security.Principal.WindowsIdentity]::GetCurrent()) }
    catch { return $true }
    $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Invoke-Collection {
    # Asks, writes the file, and says in plain lines what it is doing.
    [CmdletBinding()]
    param([object[]] $Probes, [string] $Library)
    if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') {
        throw 'This PowerShell runs in a restricted language mode (AppLocker, Device Guard). The questions cannot be asked in it.'
    }
    $moment = [DateTime]::UtcNow
    if (-not (Test-Elevation)) {
        'Not opened as administrator: what this account may not read will be missing.'
    }
    if ([Environment]::Is64BitOperatingSystem -and (-not [Environment]::Is64BitProcess)) {
        'This is the 32-bit PowerShell, which does not see the product: use the 64-bit one.'
    }
    if ($OutFile.Length -gt 0) { [void] (Get-TargetFile -Wanted $OutFile -Server '' -Moment $moment) }
    $asked = @($Probes | Where-Object { $_.products -contains $Product })
    $session = @{ library = $Library; worker = (New-Worker -Library $Library); stuck = $false }
    $hello = New-Answer -Id 'hello'
    $hello.ok = $true
    $hello.value = @(@{
            protocol  = 1
            edition   = "$($PSVersionTable.PSVersion)"
            process64 = [Environment]::Is64BitProcess
            utc       = $moment.ToString('o')
            computer  = [Environment]::MachineName
        })
    $texts = @('    "hello": ' + (ConvertTo-AnswerText -Answer $hello))
    $server = [Environment]::MachineName.ToLowerInvariant()
    foreach ($probe in $asked) {
        "Reading $($probe.id) ($($texts.Count) of $($asked.Count)) ..."
        $answer = Read-Answer -Probe $probe -Session $session
        if ($null -ne $answer.fault) { "  not answered: $($answer.fault.message)" }
        if ($probe.id -eq 'session') { $server = Get-OwnName -Answer $answer }
        $texts += '    "{0}": {1}' -f $probe.id, (ConvertTo-AnswerText -Answer $answer)
    }
    $head = New-Object Collections.Specialized.OrderedDictionary
    $head.Add('kind', $EvidenceKind)
    $head.Add('schema', $EvidenceSchema)
    $head.Add('tool', $ToolVersion)
    $head.Add('server', $server)
    $head.Add('computer', [Environment]::MachineName)
    $head.Add('product', $Product)
    $head.Add('utc', $moment.ToString('o'))
    $head.Add('finished', [DateTime]::UtcNow.ToString('o'))
    $path = Get-TargetFile -Wanted $OutFile -Server $server -Moment $moment
    Write-Evidence -Path $path -Text (ConvertTo-EvidenceText -Head $head -Answers $texts)
    "Written: $path"
    # A question that is stuck would keep the process alive; a window somebody works in is left alone.
    $ofOwnProcess = @([Environment]::GetCommandLineArgs() | Where-Object { $_ -match '^[-/]f' }).Count -gt 0
    if ($session.stuck -and $ofOwnProcess) { [Environment]::Exit(0) }
}

# Windows PowerShell 3.0-5.1 gives arrays a Count property of their own and would write a wrapped one as {"value": [...], "Count": n}.
# SilentlyContinue: PowerShell 7 has no such entry, and there is nothing to say about it.
Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue
Invoke-Collection -Probes $Probes -Library "$Library"
