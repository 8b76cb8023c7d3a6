# The log that the product's setup cmdlets write (-Report), and the one folder on disk that a repair may use. No key ever goes there.

function New-PrivateFolder {
    # A new folder in this account's own temporary folder, with a name that nobody can guess.
    [CmdletBinding()]
    param()
    $path = [IO.Path]::Combine([IO.Path]::GetTempPath(), "oac-$([Guid]::NewGuid().ToString('N'))")
    [void] [IO.Directory]::CreateDirectory($path)
    $path
}

function Remove-PrivateFolder {
    # With all that is in it, and makes sure that it is gone. A virus scanner may hold a new file for a moment.
    [CmdletBinding()]
    param([string] $Path)
    foreach ($attempt in @(1, 2, 3, 4, 5)) {
        try {
            if ([IO.Directory]::Exists($Path)) { [IO.Directory]::Delete($Path, $true) }
        }
        catch { [Threading.Thread]::Sleep(200) }
        if (-not [IO.Directory]::Exists($Path)) { return }
    }
    Write-Warning -Message "left-behind $Path"
}

function Read-ReportText {
    # The report is a page of HTML: its words without the tags. Nothing comes back where no report was written.
    [CmdletBinding()]
    param([string] $Path)
    $longest = 8000
    if (-not [IO.File]::Exists($Path)) { return }
    $text = [IO.File]::ReadAllText($Path)
    $text = $text -replace '(?is)<(style|script|head)\b.*?</\1\s*>', ' '
    $text = $text -replace '<[^>]*>', ' '
    $text = ([Net.WebUtility]::HtmlDecode($text) -replace '\s+', ' ').Trim()
    if ($text.Length -gt $longest) { $text = $text.Substring(0, $longest) }
    if ($text.Length -gt 0) { $text }
}
