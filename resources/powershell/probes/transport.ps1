# Whether the Central Management server can open the port through which each replica is fed: 445 inside, 4443 on an Edge server.

function Get-SocketProblem {
    # The names of the codes (ConnectionRefused, HostNotFound, ...) are the same in every language.
    [CmdletBinding()]
    param([Exception] $Exception)
    $real = Get-InnermostException -Exception $Exception
    if ($real -is [Net.Sockets.SocketException]) { return "$($real.SocketErrorCode)" }
    $real.GetType().Name
}

function Test-TcpPort {
    # All at once, each given the same time. Names are looked up by the pool's threads: too few of them would read as time-outs.
    [CmdletBinding()]
    param([object[]] $Targets, [int] $Milliseconds)
    [void] [Threading.ThreadPool]::SetMinThreads(64, 64)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $waiting = @(foreach ($target in $Targets) {
            $client = New-Object Net.Sockets.TcpClient
            @{ target = $target; client = $client; pending = $client.BeginConnect($target.replica, $target.port, $null, $null) }
        })
    while ($waiting.Count -gt 0) {
        $late = $watch.ElapsedMilliseconds -ge $Milliseconds
        $open = @()
        foreach ($attempt in $waiting) {
            if ($attempt.pending.IsCompleted -or $late) {
                $fact = @{
                    replica      = $attempt.target.replica
                    port         = $attempt.target.port
                    open         = $false
                    error        = 'TimedOut'
                    milliseconds = [int] $watch.ElapsedMilliseconds
                }
                if ($attempt.pending.IsCompleted) {
                    try {
                        $attempt.client.EndConnect($attempt.pending)
                        $fact.open = $true
                        $fact.error = $null
                    }
                    catch { $fact.error = Get-SocketProblem -Exception $_.Exception }
                }
                $attempt.client.Close()
                $fact
            }
            else { $open += $attempt }
        }
        $waiting = @($open)
        if ($waiting.Count -gt 0) { [Threading.Thread]::Sleep(20) }
    }
}

function Get-TransportTarget {
    # Every machine of a cluster that takes part in replication, but this one.
    [CmdletBinding()]
    param([object] $Topology, [string] $Self, [int] $Most)
    $targets = foreach ($cluster in $Topology.clusters) {
        if ($cluster.requiresReplication) {
            $port = 445
            if ($cluster.onEdge) { $port = 4443 }
            foreach ($machine in $cluster.machines) {
                if (($machine.Length -gt 0) -and ($machine -ne $Self)) { @{ replica = $machine; port = $port } }
            }
        }
    }
    $targets | Where-Object { $null -ne $_ } | Select-Object -First $Most
}

function Test-ReplicaTransport {
    [CmdletBinding()]
    param()
    if (-not (Test-ServiceExistence -Name 'MASTER')) { return }
    $targets = @(Get-TransportTarget -Topology (Get-TopologyFacts) -Self (Get-FullName) -Most 300)
    if ($targets.Count -gt 0) { Test-TcpPort -Targets $targets -Milliseconds 3000 }
}
