# Which partners this server's own local store trusts, and what Exchange answers to somebody who comes with an empty token: the
# challenge of its 401 names the issuers it trusts. It needs no account, and nothing is sent that anybody could use.

function ConvertTo-PartnerFact {
    # AuthToken reads "Value=<metadata address>" or "UseOAuthServer".
    [CmdletBinding()]
    param([object] $Application)
    $token = "$(Get-PropertyValue -InputObject $Application -Name 'AuthToken')"
    $address = [regex]::Match($token, '^Value=(\S+)')
    $url = $null
    if ($address.Success) { $url = $address.Groups[1].Value }
    @{
        identity              = "$(Get-PropertyValue -InputObject $Application -Name 'Identity')"
        applicationIdentifier = "$(Get-PropertyValue -InputObject $Application -Name 'ApplicationIdentifier')"
        realm                 = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Application -Name 'Realm')
        trustLevel            = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Application -Name 'ApplicationTrustLevel')
        enabled               = ConvertTo-FactBoolean -Value (Get-PropertyValue -InputObject $Application -Name 'Enabled')
        metadataUrl           = $url
        usesOAuthServer       = $token -match '^UseOAuthServer'
    }
}

function ConvertTo-OAuthServerFact {
    [CmdletBinding()]
    param([object] $Server)
    @{
        identity         = "$(Get-PropertyValue -InputObject $Server -Name 'Identity')"
        issuerIdentifier = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Server -Name 'IssuerIdentifier')
        realm            = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Server -Name 'Realm')
        metadataUrl      = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Server -Name 'MetadataUrl')
    }
}

function Get-HeaderText {
    # All headers of this name that begin so, one per line.
    [CmdletBinding()]
    param([string] $Head, [string] $Name, [string] $Beginning)
    $longest = 4000
    $found = @([regex]::Matches($Head, "(?im)^${Name}:[ \t]*($Beginning[^\r\n]*)") | ForEach-Object { $_.Groups[1].Value })
    if ($found.Count -eq 0) { return $null }
    $text = $found -join "`n"
    if ($text.Length -gt $longest) { $text = $text.Substring(0, $longest) }
    $text
}

function Get-PartnerChallenge {
    # $null for what is no https address.
    [CmdletBinding()]
    param([string] $Address)
    $uri = $null
    if (-not [Uri]::TryCreate($Address, [UriKind]::Absolute, [ref] $uri)) { return $null }
    if ($uri.Scheme -ne 'https') { return $null }
    $answer = Get-HttpsAnswer -HostName $uri.DnsSafeHost -Port $uri.Port -Path $uri.PathAndQuery -Headers @('Authorization: Bearer') -Milliseconds 6000
    @{
        url          = $Address
        status       = $answer.status
        tls          = $answer.tls
        trust        = $answer.trust
        problem      = $answer.problem
        message      = $answer.message
        authenticate = Get-HeaderText -Head $answer.head -Name 'WWW-Authenticate' -Beginning 'Bearer'
        diagnostics  = Get-HeaderText -Head $answer.head -Name 'x-ms-diagnostics' -Beginning ''
    }
}

function Get-PartnerFacts {
    # Exchange is known by its well-known application id, whatever the partner application is called.
    [CmdletBinding()]
    param()
    $exchange = '00000002-0000-0ff1-ce00-000000000000'
    Use-ProductModule
    $partners = @(foreach ($application in @(Get-CsPartnerApplication -LocalStore)) { ConvertTo-PartnerFact -Application $application })
    $servers = @(foreach ($server in @(Get-CsOAuthServer -LocalStore)) { ConvertTo-OAuthServerFact -Server $server })
    $settings = @(Get-CsOAuthConfiguration -LocalStore)
    $configuration = $null
    if ($settings.Count -gt 0) { $configuration = $settings[0] }
    $address = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $configuration -Name 'ExchangeAutodiscoverUrl')
    $wanted = @($partners | Where-Object { $_.enabled -and ($_.applicationIdentifier -eq $exchange) -and -not $_.usesOAuthServer })
    $challenge = $null
    if (($wanted.Count -gt 0) -and ($null -ne $address)) { $challenge = Get-PartnerChallenge -Address $address }
    @{
        partners                = @($partners | Select-Object -First 50)
        oauthServers            = @($servers | Select-Object -First 50)
        realm                   = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $configuration -Name 'Realm')
        serviceName             = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $configuration -Name 'ServiceName')
        exchangeAutodiscoverUrl = $address
        challenge               = $challenge
    }
}
