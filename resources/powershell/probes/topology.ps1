# The topology as this server's own local store holds it. Read from XML, because the objects differ between versions.

function Get-TopologyText {
    # The cmdlet hands out an object of its own whose text is the XML; a real XML node is taken as well.
    [CmdletBinding()]
    param()
    Use-ProductModule
    $parts = @(Get-CsTopology -LocalStore -AsXml)
    $texts = foreach ($part in $parts) {
        if ($part -is [Xml.XmlNode]) { $part.OuterXml }
        else { "$part" }
    }
    @($texts) -join "`n"
}

function Get-NodeAttribute {
    # An attribute of the first of these nodes that has it and is not empty, else $null.
    [CmdletBinding()]
    param([object[]] $Nodes, [string] $Name)
    foreach ($node in $Nodes) {
        $text = $node.GetAttribute($Name)
        if ($text.Length -gt 0) { return $text }
    }
    return $null
}

function Test-XmlTrue {
    # xs:boolean: "true" or "1". $null stays $null: the attribute is not there.
    [CmdletBinding()]
    param([object] $Text)
    if ($null -eq $Text) { return $null }
    ($Text -eq 'true') -or ($Text -eq '1')
}

function Get-ChildNode {
    # Elements below a node by local names, whatever their namespace: it differs between product versions.
    [CmdletBinding()]
    param([Xml.XmlNode] $Node, [string[]] $Path)
    $steps = foreach ($name in $Path) { "*[local-name()='$name']" }
    foreach ($found in $Node.SelectNodes('.//' + (@($steps) -join '/'))) { $found }
}

function Get-ClusterKey {
    [CmdletBinding()]
    param([object[]] $ClusterId)
    $site = Get-NodeAttribute -Nodes $ClusterId -Name 'SiteId'
    $number = Get-NodeAttribute -Nodes $ClusterId -Name 'Number'
    "${site}:${number}"
}

function Get-TopologyCluster {
    [CmdletBinding()]
    param([Xml.XmlNode] $Root)
    foreach ($node in @(Get-ChildNode -Node $Root -Path @('Clusters', 'Cluster'))) {
        $id = @(Get-ChildNode -Node $node -Path @('ClusterId'))
        $machines = foreach ($machine in @(Get-ChildNode -Node $node -Path @('Machine'))) { $machine.GetAttribute('Fqdn') }
        @{
            fqdn                = $node.GetAttribute('Fqdn')
            site                = "$(Get-NodeAttribute -Nodes $id -Name 'SiteId')"
            number              = "$(Get-NodeAttribute -Nodes $id -Name 'Number')"
            requiresReplication = [bool] (Test-XmlTrue -Text (Get-NodeAttribute -Nodes @($node) -Name 'RequiresReplication'))
            requiresSetup       = [bool] (Test-XmlTrue -Text (Get-NodeAttribute -Nodes @($node) -Name 'RequiresSetup'))
            onEdge              = [bool] (Test-XmlTrue -Text (Get-NodeAttribute -Nodes @($node) -Name 'IsOnEdge'))
            machines            = @($machines | Where-Object { $null -ne $_ })
        }
    }
}

function Get-TopologyService {
    # A service stands on a cluster, or on a SQL instance or file share of one: the cluster id then lies deeper.
    [CmdletBinding()]
    param([Xml.XmlNode] $Root, [hashtable] $ClusterNames)
    foreach ($node in @(Get-ChildNode -Node $Root -Path @('Services', 'Service'))) {
        $role = Get-NodeAttribute -Nodes @(Get-ChildNode -Node $node -Path @('ServiceId')) -Name 'RoleName'
        $installed = @(Get-ChildNode -Node $node -Path @('InstalledOn'))
        $key = ':'
        if ($installed.Count -gt 0) { $key = Get-ClusterKey -ClusterId @(Get-ChildNode -Node $installed[0] -Path @('ClusterId')) }
        if (($null -ne $role) -and $ClusterNames.ContainsKey($key)) {
            $own = @($node.SelectNodes('./*'))
            @{
                role     = $role
                cluster  = $ClusterNames[$key]
                active   = Test-XmlTrue -Text (Get-NodeAttribute -Nodes $own -Name 'IsActive')
                director = Test-XmlTrue -Text (Get-NodeAttribute -Nodes $own -Name 'IsDirector')
            }
        }
    }
}

function Select-NearCluster {
    # What a server has to do with: the clusters it belongs to and those of the Central Management Store.
    [CmdletBinding()]
    param([object[]] $Clusters, [string[]] $Central, [string] $Machine)
    foreach ($cluster in $Clusters) {
        $own = ($cluster.fqdn -eq $Machine) -or (@($cluster.machines) -contains $Machine)
        if ($own -or ($Central -contains $cluster.fqdn)) { $cluster }
    }
}

function Get-TopologyFacts {
    # Every server holds all of it. Only a Central Management Server tells all, unless asked for: a thousand servers need not tell of
    # a thousand servers each.
    [CmdletBinding()]
    param([bool] $Everything = $false)
    $text = Get-TopologyText
    if ($text.Trim().Length -eq 0) { throw (New-Object IO.InvalidDataException -ArgumentList @('Get-CsTopology returned nothing')) }
    $document = New-Object Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($text)
    $root = $document.DocumentElement
    $clusters = @(Get-TopologyCluster -Root $root)
    $names = @{}
    foreach ($cluster in $clusters) { $names["$($cluster.site):$($cluster.number)"] = $cluster.fqdn }
    $services = @(Get-TopologyService -Root $root -ClusterNames $names)
    $centralNames = @(foreach ($service in $services) { if ($service.role -eq 'CentralMgmt') { $service.cluster } })
    $machineName = Get-FullName
    $hosts = @(Select-NearCluster -Clusters $clusters -Central @() -Machine $machineName)
    $isCentral = @($hosts | Where-Object { $centralNames -contains $_.fqdn }).Count -gt 0
    $complete = $Everything -or $isCentral
    if (-not $complete) {
        $clusters = @(Select-NearCluster -Clusters $clusters -Central $centralNames -Machine $machineName)
        $nearNames = @(foreach ($cluster in $clusters) { $cluster.fqdn })
        $services = @($services | Where-Object { $nearNames -contains $_.cluster })
    }
    $domains = @(Get-ChildNode -Node $root -Path @('InternalDomains', 'InternalDomain'))
    $sip = foreach ($domain in $domains) { $domain.GetAttribute('Name') }
    @{
        clusters         = $clusters
        services         = $services
        complete         = $complete
        defaultSipDomain = Get-NodeAttribute -Nodes @(Get-ChildNode -Node $root -Path @('InternalDomains')) -Name 'DefaultDomain'
        sipDomains       = @($sip | Where-Object { $null -ne $_ })
    }
}
