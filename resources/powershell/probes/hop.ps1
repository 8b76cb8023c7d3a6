# Whether this session can read Active Directory as the operator: the cheapest question that leaves the server.

function Test-DirectoryRead {
    # Throws when it cannot. The root entry alone would not do: anybody may read that one.
    [CmdletBinding()]
    param()
    $root = New-Object DirectoryServices.DirectoryEntry -ArgumentList @('LDAP://RootDSE')
    $context = "$($root.psbase.Properties['defaultNamingContext'].Value)"
    $domain = New-Object DirectoryServices.DirectoryEntry -ArgumentList @("LDAP://$context")
    $domain.psbase.RefreshCache(@('objectGUID'))
}

function Get-SecondHopFacts {
    # 0x80072020 "operations error" is how a directory answers somebody who could not prove who they are; 0x8007052E, 0x80070721 and
    # 0x8009030C are refused or missing credentials. 0x8007203A, 0x8007054B, 0x800704B1: no domain controller was found.
    [CmdletBinding()]
    param()
    if (-not (Get-MachineFacts).domainJoined) { return @{ directory = 'not-domain'; directoryMessage = $null } }
    try {
        Test-DirectoryRead
        @{ directory = 'ok'; directoryMessage = $null }
    }
    catch {
        $real = Get-InnermostException -Exception $_.Exception
        $code = '{0:X8}' -f [Runtime.InteropServices.Marshal]::GetHRForException($real)
        $directory = 'unavailable'
        if (@('80072020', '8007052E', '80070005', '80070721', '8009030C') -contains $code) { $directory = 'denied' }
        @{ directory = $directory; directoryMessage = "0x${code} $($real.Message)" }
    }
}
