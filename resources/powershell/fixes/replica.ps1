# Puts this server into the replication path of the configuration.

function Enable-LocalReplica {
    [CmdletBinding()]
    param([bool] $Preview)
    $before = Get-ReplicaFacts
    if ($before.passed) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    $folder = New-PrivateFolder
    try {
        $report = [IO.Path]::Combine($folder, 'report.html')
        if ($Preview) {
            [void] (Enable-CsReplica -Report $report -WhatIf -Confirm:$false)
            return New-FixResult -Outcome 'preview' -Before $before
        }
        [void] (Enable-CsReplica -Report $report -Confirm:$false)
        New-FixResult -Outcome 'changed' -Before $before -After (Get-ReplicaFacts) -Notes @(Read-ReportText -Path $report)
    }
    finally { Remove-PrivateFolder -Path $folder }
}
