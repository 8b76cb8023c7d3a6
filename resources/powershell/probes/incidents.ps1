# Events that tell why services do not start and why partners are refused: by log, so that many of one kind cannot hide another.

function Get-ServiceEvents {
    # The newest 15 of each kind of the last 7 days. Schannel's ids mean something else where another provider uses them.
    [CmdletBinding()]
    param()
    $since = [DateTime]::Now.AddDays(-7)
    $kinds = @(
        @{ LogName = 'Lync Server'; Id = @(32174, 32178, 12303, 12330); StartTime = $since },
        @{ LogName = 'Lync Server'; Id = @(14397, 14694); StartTime = $since },
        @{ LogName = 'Lync Server'; Id = @(32053, 32054); StartTime = $since },
        @{ LogName = 'Microsoft-Windows-WindowsFabric/Admin'; Id = @(53760, 53761); StartTime = $since },
        @{ LogName = 'System'; Id = @(36874, 36888); ProviderName = 'Schannel'; StartTime = $since }
    )
    foreach ($kind in $kinds) {
        foreach ($record in @(Read-EventLog -Filter $kind -Most 15)) { ConvertTo-EventFact -Record $record }
    }
}
