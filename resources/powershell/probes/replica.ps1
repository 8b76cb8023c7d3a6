# What the product's own test says about this server's local replica. Its complaints are the answer; not being let in is a fault.

function Get-ReplicaFacts {
    [CmdletBinding()]
    param()
    Use-ProductModule
    $complaints = @()
    $records = @()
    try {
        # SilentlyContinue: every complaint is kept in the variable, none is lost and none ends the test.
        [void] @(Test-CsReplica -ErrorAction SilentlyContinue -ErrorVariable complaints)
        $records = @($complaints | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    }
    catch { $records = @($_) }
    $problems = @()
    foreach ($record in $records) {
        if ((Test-CallFailure -Record $record) -or (Test-Refusal -Record $record)) { $PSCmdlet.ThrowTerminatingError($record) }
        $problems += "$($record.Exception.Message)"
    }
    @{ passed = ($problems.Count -eq 0); problems = @($problems | Select-Object -First 50) }
}
