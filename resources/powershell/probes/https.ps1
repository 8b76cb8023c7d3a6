# One bounded question over https, over a bare socket: the TLS version and the challenge behind a 401 matter here, and the ready-made
# commands hide both. No account and no secret goes along, and no proxy is used.

function New-Connection {
    # Throws what the socket says; a TimedOut of its own when nobody answers in time.
    [CmdletBinding()]
    param([string] $HostName, [int] $Port, [int] $Milliseconds)
    $client = New-Object Net.Sockets.TcpClient
    $client.ReceiveTimeout = $Milliseconds
    $client.SendTimeout = $Milliseconds
    $pending = $client.BeginConnect($HostName, $Port, $null, $null)
    if (-not $pending.AsyncWaitHandle.WaitOne($Milliseconds)) {
        $client.Close()
        throw (New-Object Net.Sockets.SocketException -ArgumentList @(10060))
    }
    try { $client.EndConnect($pending) }
    catch {
        $client.Close()
        throw
    }
    $client
}

function New-TlsStream {
    # Whoever answers is listened to, for nothing is confided to it. What Windows thinks of its certificate is kept: "None" is good.
    [CmdletBinding()]
    param([object] $Client, [string] $HostName, [int] $Protocols, [hashtable] $Seen)
    $keep = {
        param($Origin, $Certificate, $Chain, $Problems)
        $Seen.trust = "$Problems"
        $true
    }.GetNewClosure()
    $stream = New-Object Net.Security.SslStream -ArgumentList @($Client.GetStream(), $false, [Net.Security.RemoteCertificateValidationCallback] $keep)
    $none = New-Object Security.Cryptography.X509Certificates.X509CertificateCollection
    $stream.AuthenticateAsClient($HostName, $none, [Security.Authentication.SslProtocols] $Protocols, $false)
    $stream
}

function Read-Reply {
    # Up to the end, but no more bytes and no longer than allowed. A connection that is torn down ends the reply too.
    [CmdletBinding()]
    param([object] $Stream, [int] $Milliseconds, [int] $Most)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $buffer = New-Object byte[] -ArgumentList @(8192)
    $kept = New-Object IO.MemoryStream
    while (($kept.Length -lt $Most) -and ($watch.ElapsedMilliseconds -lt $Milliseconds)) {
        $count = 0
        try { $count = $Stream.Read($buffer, 0, $buffer.Length) }
        catch { if ($kept.Length -eq 0) { throw } }
        if ($count -le 0) { break }
        $kept.Write($buffer, 0, $count)
    }
    [Text.Encoding]::UTF8.GetString($kept.ToArray())
}

function ConvertFrom-Reply {
    # Status, head and body of an answer to HTTP/1.0, which comes in one piece.
    [CmdletBinding()]
    param([string] $Text)
    $reply = @{ status = $null; head = ''; body = '' }
    $first = [regex]::Match($Text, '^HTTP/\d\.\d (\d{3})')
    if (-not $first.Success) { return $reply }
    $reply.status = [int] $first.Groups[1].Value
    $end = $Text.IndexOf("`r`n`r`n", [StringComparison]::Ordinal)
    if ($end -lt 0) { $end = $Text.Length }
    $reply.head = $Text.Substring(0, $end)
    if ($end + 4 -lt $Text.Length) { $reply.body = $Text.Substring($end + 4) }
    $reply
}

function Get-HttpsAttempt {
    # With these protocols only. `problem` is a socket's error code, TlsFailed, or CutOff.
    [CmdletBinding()]
    param([string] $HostName, [int] $Port, [string] $Path, [string[]] $Headers, [int] $Protocols, [int] $Milliseconds)
    $answer = @{ status = $null; tls = $null; trust = $null; problem = $null; message = $null; head = ''; body = '' }
    try { $client = New-Connection -HostName $HostName -Port $Port -Milliseconds $Milliseconds }
    catch {
        $answer.problem = Get-SocketProblem -Exception $_.Exception
        $answer.message = "$((Get-InnermostException -Exception $_.Exception).Message)"
        return $answer
    }
    $stage = 'TlsFailed'
    try {
        $seen = @{ trust = $null }
        $stream = New-TlsStream -Client $client -HostName $HostName -Protocols $Protocols -Seen $seen
        $stage = 'CutOff'
        $answer.trust = $seen.trust
        $answer.tls = "$($stream.SslProtocol)"
        $lines = @("GET $Path HTTP/1.0", "Host: $HostName", 'Connection: close', 'User-Agent: OAuthCertWizard') + @($Headers) + @('', '')
        $bytes = [Text.Encoding]::ASCII.GetBytes(($lines -join "`r`n"))
        $stream.Write($bytes, 0, $bytes.Length)
        $reply = ConvertFrom-Reply -Text (Read-Reply -Stream $stream -Milliseconds $Milliseconds -Most 262144)
        $answer.status = $reply.status
        $answer.head = $reply.head
        $answer.body = $reply.body
        if ($null -eq $reply.status) { $answer.problem = 'CutOff' }
    }
    catch {
        $answer.problem = $stage
        $answer.message = "$((Get-InnermostException -Exception $_.Exception).Message)"
    }
    finally { $client.Close() }
    $answer
}

function Get-HttpsAnswer {
    # TLS 1.2 first (3072); only where that fails, what came before it (1.1 = 768 and 1.0 = 192 together). Numbers, because the names
    # of the protocols came with later frameworks.
    [CmdletBinding()]
    param([string] $HostName, [int] $Port, [string] $Path, [string[]] $Headers, [int] $Milliseconds)
    $request = @{ HostName = $HostName; Port = $Port; Path = $Path; Headers = $Headers; Milliseconds = $Milliseconds }
    $answer = Get-HttpsAttempt @request -Protocols 3072
    if ($answer.problem -ne 'TlsFailed') { return $answer }
    $older = Get-HttpsAttempt @request -Protocols 960
    if ($older.problem -eq 'TlsFailed') { return $answer }
    $older
}
