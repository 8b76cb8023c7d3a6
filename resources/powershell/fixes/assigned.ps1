# What this server's local store names as the OAuth certificate, and whether that is still what the plan was made for.

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
        $latest = @($forced | Sort-Object -Property @('effectiveDate', 'updateTime') -Descending)[0]
        $state.thumbprint = $latest.thumbprint
        $state.named = $latest.thumbprint
        $state.previousThumbprint = $latest.previousThumbprint
        $state.updateTime = $latest.updateTime
    }
    if ($waiting.Count -gt 0) {
        $next = @($waiting | Sort-Object -Property @('effectiveDate'))[0]
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
