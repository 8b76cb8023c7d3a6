# What the Central Management Store says of every replica. Only a server with the Master Replicator Agent is asked: anywhere else
# the question would leave the server (second hop) and fail for that reason alone.

function Get-NewestHeartbeat {
    # The names of the heartbeat properties are not documented: every property with that word in its name that holds a time counts.
    [CmdletBinding()]
    param([object] $Status)
    $newest = $null
    if ($null -eq $Status) { return $null }
    foreach ($property in $Status.PSObject.Properties) {
        if (($property.Name -match 'Heartbeat') -and ($property.Value -is [DateTime])) {
            $time = $property.Value.ToUniversalTime()
            if (($null -eq $newest) -or ($time -gt $newest)) { $newest = $time }
        }
    }
    ConvertTo-UtcText -Value $newest
}

function ConvertTo-ReplicaState {
    [CmdletBinding()]
    param([object] $Status)
    @{
        fqdn               = "$(Get-PropertyValue -InputObject $Status -Name 'ReplicaFqdn')"
        upToDate           = ConvertTo-FactBoolean -Value (Get-PropertyValue -InputObject $Status -Name 'UpToDate')
        lastStatusReport   = ConvertTo-UtcText -Value (Get-PropertyValue -InputObject $Status -Name 'LastStatusReport')
        lastUpdateCreation = ConvertTo-UtcText -Value (Get-PropertyValue -InputObject $Status -Name 'LastUpdateCreation')
        productVersion     = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Status -Name 'ProductVersion')
    }
}

function Get-ReplicationFacts {
    [CmdletBinding()]
    param()
    $fact = @{
        asked                    = $false
        why                      = 'no-master-service'
        replicas                 = @()
        activeMaster             = $null
        activeFileTransferAgents = @()
        lastHeartbeat            = $null
    }
    if (-not (Test-ServiceExistence -Name 'MASTER')) { return $fact }
    Use-ProductModule
    $states = @(Get-CsManagementStoreReplicationStatus)
    $overall = @(Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus)
    $status = $null
    if ($overall.Count -gt 0) { $status = $overall[0] }
    $replicas = foreach ($state in $states) { ConvertTo-ReplicaState -Status $state }
    $agents = @(Get-PropertyValue -InputObject $status -Name 'ActiveFileTransferAgents')
    $names = foreach ($agent in $agents) { ConvertTo-FactText -Value $agent }
    $fact.asked = $true
    $fact.why = $null
    $fact.replicas = @($replicas | Where-Object { $null -ne $_ })
    $fact.activeMaster = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $status -Name 'ActiveMasterFqdn')
    $fact.activeFileTransferAgents = @($names | Where-Object { $null -ne $_ })
    $fact.lastHeartbeat = Get-NewestHeartbeat -Status $status
    $fact
}
