# What every repair shares: the shape of its answer, services as they are, programs of Windows, waiting.

function New-FixResult {
    # outcome: changed, already, refused or preview. before and after are flat; after is $null where nothing was looked at again.
    [CmdletBinding()]
    param([string] $Outcome, [object] $Reason = $null, [object] $Before = $null, [object] $After = $null, [object[]] $Notes = @())
    @{
        outcome = $Outcome
        reason  = $Reason
        before  = $Before
        after   = $After
        notes   = @(foreach ($note in $Notes) { if ($null -ne $note) { "$note" } })
    }
}

function Limit-Lines {
    # What a program said as one note, cut where it becomes long.
    [CmdletBinding()]
    param([object[]] $Lines, [int] $Longest = 8000)
    $text = (@(foreach ($line in $Lines) { if ($null -ne $line) { "$line".Trim() } }) -join "`n").Trim()
    if ($text.Length -gt $Longest) { return $text.Substring(0, $Longest) }
    if ($text.Length -gt 0) { $text }
}

function Invoke-SystemTool {
    # A program from the folder of Windows itself, without a shell in between. exitCode is $null when it had to be ended.
    [CmdletBinding()]
    param([string] $Name, [string] $Arguments, [int] $Milliseconds)
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = [IO.Path]::Combine([Environment]::SystemDirectory, $Name)
    $start.Arguments = $Arguments
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    try {
        $process.StandardInput.Close() # whoever asks a question gets no answer
        $readings = @($process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync())
        $code = $null
        if ($process.WaitForExit($Milliseconds)) { $code = $process.ExitCode }
        else { $process.Kill() }
        $lines = @(foreach ($reading in $readings) {
                if ($reading.Wait(2000)) { $reading.Result.Split([char[]] @(10, 13), [StringSplitOptions]::RemoveEmptyEntries) }
            })
        @{ exitCode = $code; lines = @($lines | Where-Object { $_.Trim().Length -gt 0 }) }
    }
    finally { $process.Dispose() }
}

function Test-SameText {
    # Thumbprints, names and states, in whatever case; nothing and blank are the same.
    [CmdletBinding()]
    param([object] $One, [object] $Other)
    [string]::Equals("$One", "$Other", [StringComparison]::OrdinalIgnoreCase)
}
