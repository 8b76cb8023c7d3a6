# One round of questions on one server. Every probe runs in a worker runspace under its own deadline and is answered by one framed
# line as soon as it is done, so that a probe that throws, hangs or prints cannot take the others with it.
param([string] $RequestJson)
Set-StrictMode -Version 2.0
$MostRecords = 20
$LongestMessage = 4000
# Windows PowerShell 3.0-5.1 gives arrays a Count property of their own and would write a wrapped one as {"value": [...], "Count": n}.
# SilentlyContinue: PowerShell 7 has no such entry, and there is nothing to say about it.
Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue

function Write-Frame {
    [CmdletBinding()]
    param([Collections.IDictionary] $Frame)
    $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Frame -Depth 12 -Compress))
    $packed = New-Object IO.MemoryStream
    $gzip = New-Object IO.Compression.GZipStream -ArgumentList @($packed, [IO.Compression.CompressionMode]::Compress)
    $gzip.Write($bytes, 0, $bytes.Length)
    $gzip.Close()
    [Console]::Out.WriteLine('#oac1 ' + [Convert]::ToBase64String($packed.ToArray()))
    [Console]::Out.Flush()
}

function Limit-Text {
    [CmdletBinding()]
    param([string] $Text)
    if ($Text.Length -gt $LongestMessage) { return $Text.Substring(0, $LongestMessage) }
    $Text
}

function ConvertTo-Fault {
    # Category, id and exception type are the same in every language of Windows, the message is not. The wrapper that a method call
    # or a worker runspace puts round the real error is taken off.
    [CmdletBinding()]
    param([object] $Record)
    $exception = $Record.Exception
    while (($exception -is [Management.Automation.MethodInvocationException]) -and ($null -ne $exception.InnerException)) {
        # Its id is the name of the exception it wraps: the innermost wrapper's says most.
        $Record = $exception.ErrorRecord
        $exception = $exception.InnerException
    }
    $carried = $exception.PSObject.Properties['ErrorRecord']
    if (($null -ne $carried) -and ($null -ne $carried.Value)) {
        $Record = $carried.Value
        # A record made from the exception itself names a stand-in (ParentContainsErrorRecordException): then keep the exception.
        if ($Record.Exception.GetType().Name -ne 'ParentContainsErrorRecordException') { $exception = $Record.Exception }
    }
    while (($exception -is [Management.Automation.MethodInvocationException]) -and ($null -ne $exception.InnerException)) {
        $exception = $exception.InnerException
    }
    $inner = @()
    $next = $exception.InnerException
    while (($null -ne $next) -and ($inner.Count -lt 5)) {
        $inner += Limit-Text -Text "$($next.GetType().FullName): $($next.Message)"
        $next = $next.InnerException
    }
    @{
        category = "$($Record.CategoryInfo.Category)"
        id       = "$($Record.FullyQualifiedErrorId)"
        type     = $exception.GetType().FullName
        hresult  = [Runtime.InteropServices.Marshal]::GetHRForException($exception)
        message  = Limit-Text -Text "$($exception.Message)"
        target   = Limit-Text -Text "$($Record.CategoryInfo.TargetName)"
        inner    = $inner
    }
}

function New-Worker {
    [CmdletBinding()]
    param([string] $Library)
    $runspace = [Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace()
    $runspace.Open()
    # A new runspace does not inherit preferences. Without Stop a missing cmdlet is only noted, the function goes on with nothing
    # in its hands, and the probe counts as answered.
    $runspace.SessionStateProxy.SetVariable('ErrorActionPreference', 'Stop')
    $runspace.SessionStateProxy.SetVariable('ProgressPreference', 'SilentlyContinue') # nobody watches
    $shell = [Management.Automation.PowerShell]::Create()
    $shell.Runspace = $runspace
    [void] $shell.AddScript($Library).Invoke()
    $shell.Dispose()
    $runspace
}

function ConvertTo-PlainObject {
    [CmdletBinding()]
    param([object] $Value)
    if ($Value -is [Collections.IDictionary]) {
        $plain = New-Object PSObject
        foreach ($name in @($Value.Keys)) {
            $inner = ConvertTo-PlainObject -Value $Value[$name]
            $plain.PSObject.Properties.Add((New-Object Management.Automation.PSNoteProperty -ArgumentList @($name, $inner)))
        }
        return $plain
    }
    if ($Value -is [object[]]) {
        $list = New-Object Collections.ArrayList
        foreach ($element in $Value) { [void] $list.Add((ConvertTo-PlainObject -Value $element)) }
        return , $list.ToArray()
    }
    $Value
}

function Read-Request {
    # Windows PowerShell's own reader ends at 2,097,152 characters, which a request that carries a configuration passes. Beneath it lies
    # one that can be told to take more.
    [CmdletBinding()]
    param([string] $Text)
    $longest = 2000000
    if (($Text.Length -lt $longest) -or ($PSVersionTable.PSVersion.Major -gt 5)) { return ConvertFrom-Json -InputObject $Text }
    [void] [Reflection.Assembly]::Load('System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35')
    $reader = New-Object Web.Script.Serialization.JavaScriptSerializer
    $reader.MaxJsonLength = [int]::MaxValue
    ConvertTo-PlainObject -Value ($reader.DeserializeObject($Text))
}

function ConvertTo-Secret {
    # ConvertTo-SecureString would add one character after the other, and Windows would encrypt all of them anew each time: minutes for a
    # text of 60,000. A credential takes the text as a whole.
    [CmdletBinding()]
    param([string] $Text)
    (New-Object Net.NetworkCredential -ArgumentList @('', $Text)).SecurePassword
}

function ConvertFrom-Marked {
    # Every string travels as '=' + text, so that ConvertFrom-Json cannot take it for a date ('/Date(0)/' in 5.1, ISO 8601 in 7).
    # {"secret": "=..."} becomes a SecureString at once.
    [CmdletBinding()]
    param([object] $Value)
    if ($Value -is [string]) { return $Value.Substring(1) }
    if ($Value -is [object[]]) {
        $list = New-Object Collections.ArrayList
        foreach ($element in $Value) { [void] $list.Add((ConvertFrom-Marked -Value $element)) }
        return , $list.ToArray()
    }
    if ($Value -is [Management.Automation.PSCustomObject]) {
        $secret = $Value.PSObject.Properties['secret']
        if ($null -ne $secret) { return ConvertTo-Secret -Text ($secret.Value.Substring(1)) }
        $table = @{}
        foreach ($property in $Value.PSObject.Properties) { $table[$property.Name] = ConvertFrom-Marked -Value $property.Value }
        return $table
    }
    $Value
}

$request = Read-Request -Text $RequestJson
$worker = New-Worker -Library $request.library
$hello = @{
    protocol  = 1
    edition   = "$($PSVersionTable.PSVersion)"
    process64 = [Environment]::Is64BitProcess
    utc       = [DateTime]::UtcNow.ToString('o')
    computer  = [Environment]::MachineName
}
Write-Frame -Frame @{ probe = ''; ok = $true; value = @($hello) }
foreach ($probe in $request.probes) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $frame = @{ probe = "$($probe.id)"; ok = $false; value = @() }
    try {
        # A new object each time: after a fault a used one returns nothing once, without an error.
        $shell = [Management.Automation.PowerShell]::Create()
        $shell.Runspace = $worker
        [void] $shell.AddCommand("$($probe.function)")
        foreach ($argument in $probe.arguments.PSObject.Properties) {
            [void] $shell.AddParameter($argument.Name, (ConvertFrom-Marked -Value $argument.Value))
        }
        $running = $shell.BeginInvoke()
        if ($running.AsyncWaitHandle.WaitOne([int] (1000 * $probe.seconds))) {
            $frame.value = @($shell.EndInvoke($running) | ForEach-Object { $_ })
            $frame.ok = $true
            if ($shell.Streams.Error.Count -gt 0) {
                $frame.errors = @($shell.Streams.Error | Select-Object -First $MostRecords | ForEach-Object { ConvertTo-Fault -Record $_ })
            }
            if ($shell.Streams.Warning.Count -gt 0) {
                $frame.warnings = @($shell.Streams.Warning | Select-Object -First $MostRecords | ForEach-Object { Limit-Text -Text "$_" })
            }
            $shell.Dispose()
        }
        else {
            $frame.fault = @{ category = 'OperationTimeout'; id = 'ProbeDeadline'; type = ''; message = "no answer within $($probe.seconds) s" }
            # What is stuck in native code never stops: leave it behind and go on with a fresh runspace.
            [void] $shell.BeginStop($null, $null)
            $worker = New-Worker -Library $request.library
        }
    }
    catch {
        $frame.ok = $false
        $frame.value = @()
        $frame.fault = ConvertTo-Fault -Record $_
    }
    $frame.milliseconds = [int] $watch.ElapsedMilliseconds
    try { Write-Frame -Frame $frame }
    catch { Write-Frame -Frame @{ probe = $frame.probe; ok = $false; milliseconds = $frame.milliseconds; fault = (ConvertTo-Fault -Record $_) } }
}
Write-Frame -Frame @{ probe = '#end'; ok = $true }
[Environment]::Exit(0) # a runspace left behind would keep the process alive
