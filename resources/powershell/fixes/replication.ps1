# Has the Central Management Server send the whole configuration to replicas again. Harmless: it would send it some time anyway.

function Test-ActiveMaster {
    # The active master is named by the server or by its pool.
    [CmdletBinding()]
    param([object] $ActiveMaster)
    $self = Get-FullName
    if (Test-SameText -One $ActiveMaster -Other $self) { return $true }
    foreach ($cluster in (Get-TopologyFacts).clusters) {
        if ((Test-SameText -One $ActiveMaster -Other $cluster.fqdn) -and (@($cluster.machines) -contains $self)) { return $true }
    }
    $false
}

function Invoke-ConfigurationReplication {
    # Only where the active master is: anywhere else the request would leave the server (second hop).
    [CmdletBinding()]
    param([string[]] $Replicas, [bool] $Preview)
    $facts = Get-ReplicationFacts
    $before = @{ activeMaster = $facts.activeMaster }
    if ((-not $facts.asked) -or ($null -eq $facts.activeMaster)) {
        return New-FixResult -Outcome 'refused' -Reason 'not-active-master' -Before $before
    }
    if (-not (Test-ActiveMaster -ActiveMaster $facts.activeMaster)) {
        return New-FixResult -Outcome 'refused' -Reason 'not-active-master' -Before $before
    }
    # The cmdlet knows no -WhatIf.
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    $asked = @($Replicas | Where-Object { -not [string]::IsNullOrEmpty($_) })
    if ($asked.Count -eq 0) {
        [void] (Invoke-CsManagementStoreReplication)
        $asked = @(foreach ($replica in $facts.replicas) { $replica.fqdn })
    }
    else {
        foreach ($fqdn in $asked) { [void] (Invoke-CsManagementStoreReplication -ReplicaFqdn $fqdn) }
    }
    New-FixResult -Outcome 'changed' -Before $before -After @{ asked = $asked }
}
