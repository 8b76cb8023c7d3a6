# What this server's own web site publishes to partners: the certificates of /metadata/json/1, asked on the spot and of itself alone.

function ConvertTo-KeyThumbprint {
    # From the certificate that is published, else from the hash published beside it (base64url).
    [CmdletBinding()]
    param([object] $Key)
    $value = "$(Get-PropertyValue -InputObject (Get-PropertyValue -InputObject $Key -Name 'keyvalue') -Name 'value')"
    $hash = "$(Get-PropertyValue -InputObject (Get-PropertyValue -InputObject $Key -Name 'keyinfo') -Name 'x5t')"
    try {
        if ($value.Length -gt 0) {
            $sha = New-Object Security.Cryptography.SHA1CryptoServiceProvider
            $bytes = $sha.ComputeHash([Convert]::FromBase64String($value))
        }
        else {
            $text = $hash.Replace('-', '+').Replace('_', '/')
            $bytes = [Convert]::FromBase64String($text.PadRight([int] ([Math]::Ceiling([double] $text.Length / 4) * 4), [char] '='))
        }
    }
    catch { return }
    if ($bytes.Length -eq 20) { [BitConverter]::ToString($bytes).Replace('-', '') }
}

function ConvertFrom-Metadata {
    [CmdletBinding()]
    param([string] $Text)
    $fact = @{ readable = $false; realm = $null; issuer = $null; thumbprints = @() }
    try { $document = ConvertFrom-Json -InputObject $Text }
    catch { return $fact }
    $keys = Get-PropertyValue -InputObject $document -Name 'keys'
    $version = Get-PropertyValue -InputObject $document -Name 'version'
    if (($null -eq $keys) -and ($null -eq $version)) { return $fact }
    $thumbprints = foreach ($key in @($keys | Where-Object { $null -ne $_ })) { ConvertTo-KeyThumbprint -Key $key }
    $fact.readable = $true
    $fact.realm = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $document -Name 'realm')
    $fact.issuer = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $document -Name 'issuer')
    $fact.thumbprints = @($thumbprints | Where-Object { $null -ne $_ } | Select-Object -First 20)
    $fact
}

function Get-MetadataFacts {
    # Asked by its own full name, which Windows resolves to itself: no load balancer comes in between.
    [CmdletBinding()]
    param()
    $name = Get-FullName
    $fact = @{
        asked       = $false
        why         = 'no-web-server'
        url         = "https://$name/metadata/json/1"
        status      = $null
        tls         = $null
        problem     = $null
        message     = $null
        readable    = $false
        realm       = $null
        issuer      = $null
        thumbprints = @()
    }
    if (-not (Test-ServiceExistence -Name 'W3SVC')) { return $fact }
    $answer = Get-HttpsAnswer -HostName $name -Port 443 -Path '/metadata/json/1' -Headers @('Accept: application/json') -Milliseconds 6000
    $document = ConvertFrom-Metadata -Text $answer.body
    $fact.asked = $true
    $fact.why = $null
    $fact.status = $answer.status
    $fact.tls = $answer.tls
    $fact.problem = $answer.problem
    $fact.message = $answer.message
    $fact.readable = $document.readable
    $fact.realm = $document.realm
    $fact.issuer = $document.issuer
    $fact.thumbprints = $document.thumbprints
    $fact
}
