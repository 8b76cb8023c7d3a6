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
    $packed = New-Object IO.MemoryStream -ArgumentList @(, [Convert]::FromBase64String($reader.ReadLine()))
    $plain = New-Object IO.Compression.GZipStream -ArgumentList @($packed, [IO.Compression.CompressionMode]::Decompress)
    $round = (New-Object IO.StreamReader -ArgumentList @($plain, [Text.Encoding]::UTF8)).ReadToEnd()
    $request = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($reader.ReadLine()))
    & ([ScriptBlock]::Create($round)) $request
}
catch {
    [Console]::Out.WriteLine('#oac1-broken ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$($_.FullyQualifiedErrorId): $_")))
    [Console]::Out.Flush()
    [Environment]::Exit(98)
}
