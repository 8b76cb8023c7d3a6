# Replication events of this server: arrived (3038), and why not (file transfer agent 1015, 1017, 1034, 1046, master agent 2020).

function Read-EventLog {
    # "Nothing matches" is an empty list. A log that does not exist is one too, and says so in a warning.
    [CmdletBinding()]
    param([hashtable] $Filter, [int] $Most)
    try { Get-WinEvent -FilterHashtable $Filter -MaxEvents $Most }
    catch {
        $id = "$($_.FullyQualifiedErrorId)"
        if ($id -match '^NoMatchingEventsFound') { return }
        if ($id -match '^NoMatchingLogsFound') {
            Write-Warning -Message "log-missing $($Filter['LogName'])"
            return
        }
        $PSCmdlet.ThrowTerminatingError($_)
    }
}

function ConvertTo-EventFact {
    # The message is $null where the provider's text library cannot be read: then the bare values, which name servers and files.
    [CmdletBinding()]
    param([object] $Record)
    $longest = 2000
    $message = "$(Get-PropertyValue -InputObject $Record -Name 'Message')"
    if ($message.Length -eq 0) {
        $values = foreach ($value in @(Get-PropertyValue -InputObject $Record -Name 'Properties')) { "$(Get-PropertyValue -InputObject $value -Name 'Value')" }
        $message = @($values) -join ' '
    }
    if ($message.Length -gt $longest) { $message = $message.Substring(0, $longest) }
    @{
        provider = "$($Record.ProviderName)"
        id       = [int] $Record.Id
        level    = [int] $Record.Level
        time     = ConvertTo-UtcText -Value $Record.TimeCreated
        message  = $message
        log      = "$($Record.LogName)"
    }
}

function Get-ReplicationEvents {
    # Newest first, at most 60 of the last 14 days; the newest 3038 in any case, however old.
    [CmdletBinding()]
    param()
    $log = 'Lync Server'
    $arrived = 3038
    $filter = @{ LogName = $log; Id = @($arrived, 1015, 1017, 1034, 1046, 2020); StartTime = [DateTime]::Now.AddDays(-14) }
    $records = @(Read-EventLog -Filter $filter -Most 60)
    $known = @($records | Where-Object { $_.Id -eq $arrived })
    foreach ($record in $records) { ConvertTo-EventFact -Record $record }
    if ($known.Count -eq 0) {
        foreach ($record in @(Read-EventLog -Filter @{ LogName = $log; Id = $arrived } -Most 1)) { ConvertTo-EventFact -Record $record }
    }
}
