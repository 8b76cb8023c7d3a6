# What several probes share: reading properties that may not be there, times, the registry, this server's own name.

function Get-PropertyValue {
    # $null when the object has no such property: product versions differ in what they return.
    [CmdletBinding()]
    param([object] $InputObject, [string] $Name)
    if ($null -eq $InputObject) { return $null }
    $property = $InputObject.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    $property.Value
}

function ConvertTo-FactText {
    # Enumerations and Fqdn objects as text; nothing and blank stay $null.
    [CmdletBinding()]
    param([object] $Value)
    if ($null -eq $Value) { return $null }
    $text = "$Value"
    if ($text.Trim().Length -eq 0) { return $null }
    $text
}

function ConvertTo-UtcText {
    # The product's cmdlets return local times, often of Kind Unspecified: everything not marked as UTC is this server's local time.
    # "Never" comes as $null, as year 1 or as the beginning of FILETIME (1601).
    [CmdletBinding()]
    param([object] $Value)
    if ($Value -is [DateTimeOffset]) { return $Value.UtcDateTime.ToString('o') }
    if ($Value -isnot [DateTime]) { return $null }
    if ($Value.Year -lt 1900) { return $null }
    $Value.ToUniversalTime().ToString('o')
}

function ConvertTo-FactBoolean {
    [CmdletBinding()]
    param([object] $Value)
    "$Value" -eq 'True'
}

function Get-RegistryValue {
    # A value below HKEY_LOCAL_MACHINE as a 64-bit program sees it; $null when key or value is not there. Refusal is an error.
    [CmdletBinding()]
    param([string] $Path, [string] $Name)
    $hive = [Microsoft.Win32.RegistryHive]::LocalMachine
    $base = [Microsoft.Win32.RegistryKey]::OpenBaseKey($hive, [Microsoft.Win32.RegistryView]::Registry64)
    try {
        $key = $base.OpenSubKey($Path)
        if ($null -eq $key) { return $null }
        try { $key.GetValue($Name) }
        finally { $key.Close() }
    }
    finally { $base.Close() }
}

function Get-FullName {
    # The name with the primary DNS suffix, as the topology knows this machine; a workgroup Edge has one too.
    [CmdletBinding()]
    param()
    $properties = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    if ($properties.DomainName.Length -eq 0) { return $properties.HostName }
    "$($properties.HostName).$($properties.DomainName)"
}

function Get-InnermostException {
    [CmdletBinding()]
    param([Exception] $Exception)
    while ($null -ne $Exception.InnerException) { $Exception = $Exception.InnerException }
    $Exception
}

function Test-ServiceExistence {
    # The short name of a service is the same in every language and version.
    [CmdletBinding()]
    param([string] $Name)
    $found = @(Get-CimInstance -ClassName 'Win32_Service' -Filter "Name='$Name'" -Property @('Name'))
    $found.Count -gt 0
}
