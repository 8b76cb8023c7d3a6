# What this server's local store names as the OAuth certificate, and whether that is still what the plan was made for.

function Select-Latest {
    # Times as text in UTC sort like times. Windows PowerShell's Sort-Object knows the properties of a table, not what is in it.
    [CmdletBinding()]
    param([object[]] $Facts, [string[]] $Names)
    $latest = $null
    $highest = ''
    foreach ($fact in $Facts) {
        $key = @(foreach ($name in $Names) { "$($fact[$name])" }) -join ' '
        if (($null -eq $latest) -or ([string]::CompareOrdinal($key, $highest) -gt 0)) {
            $latest = $fact
            $highest = $key
        }
    }
    $latest
}

function Get-AssignmentState {
    # named: the certificate that the store names, '' where there is none, 'unreadable' where the product only said "not found or
    # untrusted". With one that waits for its effective date, thumbprint is the one in force and stagedThumbprint the one that waits.
    [CmdletBinding()]
    param()
    $state = @{
        named              = ''
        thumbprint         = ''
        stagedThumbprint   = $null
        effectiveDate      = $null
        previousThumbprint = $null
        updateTime         = $null
    }
    $facts = @(Get-OAuthAssignment)
    $named = @($facts | Where-Object { $null -ne $_.thumbprint })
    if ($named.Count -eq 0) {
        if ($facts.Count -gt 0) { $state.named = 'unreadable' }
        $state.thumbprint = $state.named
        return $state
    }
    $now = [DateTime]::UtcNow.ToString('o')
    $waiting = @($named | Where-Object { ($null -ne $_.effectiveDate) -and ([string]::CompareOrdinal($_.effectiveDate, $now) -gt 0) })
    $forced = @($named | Where-Object { ($null -eq $_.effectiveDate) -or ([string]::CompareOrdinal($_.effectiveDate, $now) -le 0) })
    if ($forced.Count -gt 0) {
        $latest = Select-Latest -Facts $forced -Names @('effectiveDate', 'updateTime')
        $state.thumbprint = $latest.thumbprint
        $state.named = $latest.thumbprint
        $state.previousThumbprint = $latest.previousThumbprint
        $state.updateTime = $latest.updateTime
    }
    if ($waiting.Count -gt 0) {
        $next = Select-Latest -Facts $waiting -Names @('updateTime')
        $state.stagedThumbprint = $next.thumbprint
        $state.effectiveDate = $next.effectiveDate
        $state.previousThumbprint = $next.previousThumbprint
        $state.updateTime = $next.updateTime
        if ($forced.Count -eq 0) {
            $state.thumbprint = "$($next.previousThumbprint)"
            $state.named = $next.thumbprint
        }
    }
    $state
}
