# The one fixed text on the command line (-EncodedCommand, 8191 characters at most). ASCII only, no value is ever pasted into it.
# stdin: line 1 = base64 of gzipped UTF-8 round.ps1, line 2 = base64 of the UTF-8 JSON request.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue' # progress would come as CLIXML on stderr
$mode = "$($ExecutionContext.SessionState.LanguageMode)"
if ($mode -ne 'FullLanguage') {
    "#oac1-language $mode"
    exit 97
}
try {
    if ($PSVersionTable.PSVersion.Major -lt 3) { throw "PowerShellTooOld: $($PSVersionTable.PSVersion)" }
    $reader = New-Object IO.StreamReader -ArgumentList @([Console]::OpenStandardInput(), [Text.Encoding]::ASCII)
    $lines = @($reader.ReadLine(), $reader.ReadLine())
    # A line that is not there would be read as an empty one, and an empty script ends well without an answer.
    if ((-not $lines[0]) -or (-not $lines[1])) { throw 'RequestCutOff' }
    $packed = New-Object IO.MemoryStream -ArgumentList @(, [Convert]::FromBase64String($lines[0]))
    $plain = New-Object IO.Compression.GZipStream -ArgumentList @($packed, [IO.Compression.CompressionMode]::Decompress)
    $round = (New-Object IO.StreamReader -ArgumentList @($plain, [Text.Encoding]::UTF8)).ReadToEnd()
    $request = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($lines[1]))
    & ([ScriptBlock]::Create($round)) $request
}
catch {
    [Console]::Out.WriteLine('#oac1-broken ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$($_.FullyQualifiedErrorId): $_")))
    [Console]::Out.Flush()
    [Environment]::Exit(98)
}
