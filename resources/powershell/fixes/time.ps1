# Has this server's clock set right by its own time service, and from where it takes the time.

function Get-ClockFact {
    [CmdletBinding()]
    param()
    $status = ConvertFrom-TimeStatus -Lines @(Invoke-TimeTool -Arguments '/query /status' -Milliseconds 5000)
    @{ type = (Get-TimeSetting -Name 'Type'); source = $status.source; utc = [DateTime]::UtcNow.ToString('o') }
}

function Invoke-TimeCommand {
    # What it printed comes back. w32tm prints its errors, and a number other than 0 is what remains.
    [CmdletBinding()]
    param([string] $Arguments, [int] $Milliseconds)
    $said = Invoke-SystemTool -Name 'w32tm.exe' -Arguments $Arguments -Milliseconds $Milliseconds
    $text = "$(Limit-Lines -Lines $said.lines)"
    if ($null -eq $said.exitCode) { throw "w32tm $Arguments did not end: $text" }
    if ($said.exitCode -ne 0) { throw ('w32tm ended with 0x{0:X8}: {1}' -f $said.exitCode, $text) }
    if ($text.Length -gt 0) { $text }
}

function Sync-ServerTime {
    # A domain member takes its time from the domain again (Configure), then the clock is set. Setting it twice does no harm.
    [CmdletBinding()]
    param([bool] $Configure, [string] $ExpectedType, [bool] $Preview)
    $before = Get-ClockFact
    if ($Configure -and (-not (Get-MachineFacts).domainJoined)) { return New-FixResult -Outcome 'refused' -Reason 'not-in-domain' -Before $before }
    if (($ExpectedType.Length -gt 0) -and (-not (Test-SameText -One $before.type -Other $ExpectedType))) {
        return New-FixResult -Outcome 'refused' -Reason 'changed-meanwhile' -Before $before
    }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    $notes = @()
    if ($Configure) {
        $notes += Invoke-TimeCommand -Arguments '/config /syncfromflags:domhier /update' -Milliseconds 15000
        # The change is made: that setting the clock failed is told beside it, and the next look shows what it led to.
        try { $notes += Invoke-TimeCommand -Arguments '/resync /rediscover' -Milliseconds 45000 }
        catch { $notes += "$((Get-InnermostException -Exception $_.Exception).Message)" }
    }
    else { $notes += Invoke-TimeCommand -Arguments '/resync' -Milliseconds 45000 }
    New-FixResult -Outcome 'changed' -Before $before -After (Get-ClockFact) -Notes $notes
}

function Restore-TimeSource {
    # The way back. What goes on a command line is one of four words and a list of host names with flags.
    [CmdletBinding()]
    param([string] $Type, [string] $NtpServer, [bool] $Preview)
    $before = @{ type = (Get-TimeSetting -Name 'Type') }
    $sameServer = ($NtpServer.Length -eq 0) -or (Test-SameText -One (Get-TimeSetting -Name 'NtpServer') -Other $NtpServer)
    if ((Test-SameText -One $before.type -Other $Type) -and $sameServer) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    $words = @{ NT5DS = 'DOMHIER'; NTP = 'MANUAL'; AllSync = 'ALL'; NoSync = 'NO' }
    if (-not $words.ContainsKey($Type)) { throw (New-Object ArgumentException -ArgumentList @("no type of time source: $Type")) }
    $arguments = "/config /syncfromflags:$($words[$Type])"
    if ($NtpServer.Length -gt 0) {
        if ($NtpServer -notmatch '\A[A-Za-z0-9._:-]+(,0x[0-9A-Fa-f]+)?( [A-Za-z0-9._:-]+(,0x[0-9A-Fa-f]+)?)*\z') {
            throw (New-Object ArgumentException -ArgumentList @("no list of time servers: $NtpServer"))
        }
        $arguments += " ""/manualpeerlist:$NtpServer"""
    }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    $notes = @(Invoke-TimeCommand -Arguments "$arguments /update" -Milliseconds 15000)
    New-FixResult -Outcome 'changed' -Before $before -After @{ type = (Get-TimeSetting -Name 'Type') } -Notes $notes
}
