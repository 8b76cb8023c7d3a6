# The OAuth certificate that this server's local store names. The store of certificates itself is another probe.

function Test-NotFoundOrUntrusted {
    # The product has no error id of its own for this, as far as is known: the id is tried first, then the English sentence.
    [CmdletBinding()]
    param([string] $Id, [string] $Text)
    "$Id $Text" -match 'not ?found ?or ?untrusted'
}

function ConvertTo-AssignmentFact {
    [CmdletBinding()]
    param([object] $Certificate, [object] $Complaint)
    $said = $Complaint
    $status = "$(Get-PropertyValue -InputObject $Certificate -Name 'Status')"
    if (($null -eq $said) -and (Test-NotFoundOrUntrusted -Id $status -Text '')) { $said = $status }
    @{
        thumbprint          = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Certificate -Name 'Thumbprint')
        subject             = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Certificate -Name 'Subject')
        issuer              = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Certificate -Name 'Issuer')
        serial              = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Certificate -Name 'SerialNumber')
        notBefore           = ConvertTo-UtcText -Value (Get-PropertyValue -InputObject $Certificate -Name 'NotBefore')
        notAfter            = ConvertTo-UtcText -Value (Get-PropertyValue -InputObject $Certificate -Name 'NotAfter')
        use                 = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Certificate -Name 'Use')
        sourceScope         = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Certificate -Name 'SourceScope')
        effectiveDate       = ConvertTo-UtcText -Value (Get-PropertyValue -InputObject $Certificate -Name 'EffectiveDate')
        previousThumbprint  = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $Certificate -Name 'PreviousThumbprint')
        updateTime          = ConvertTo-UtcText -Value (Get-PropertyValue -InputObject $Certificate -Name 'UpdateTime')
        notFoundOrUntrusted = $null -ne $said
        message             = $said
    }
}

function Get-OAuthAssignment {
    # Nothing comes back where nothing is assigned. "Not found or untrusted" may come as an error, as a warning or in a property,
    # with the certificate or in its place; whichever way, it is an answer. Every other error stays one.
    [CmdletBinding()]
    param()
    Use-ProductModule
    $found = @()
    $complaints = @()
    $remarks = @()
    try {
        # SilentlyContinue: errors are looked at one by one below.
        $found = @(Get-CsCertificate -Type 'OAuthTokenIssuer' -ErrorAction SilentlyContinue -ErrorVariable complaints -WarningVariable remarks)
        $records = @($complaints | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    }
    catch { $records = @($_) }
    $said = @()
    foreach ($record in $records) {
        $text = "$($record.Exception.Message)"
        if (-not (Test-NotFoundOrUntrusted -Id "$($record.FullyQualifiedErrorId)" -Text $text)) { $PSCmdlet.ThrowTerminatingError($record) }
        $said += $text
    }
    foreach ($remark in $remarks) {
        if (Test-NotFoundOrUntrusted -Id '' -Text "$remark") { $said += "$remark" }
    }
    $found = @($found | Where-Object { $null -ne $_ })
    foreach ($certificate in $found) {
        $thumbprint = "$(Get-PropertyValue -InputObject $certificate -Name 'Thumbprint')"
        $mine = @($said | Where-Object { ($found.Count -eq 1) -or (($thumbprint.Length -gt 0) -and ($_ -match $thumbprint)) })
        $complaint = $null
        if ($mine.Count -gt 0) { $complaint = $mine[0] }
        ConvertTo-AssignmentFact -Certificate $certificate -Complaint $complaint
    }
    if (($found.Count -eq 0) -and ($said.Count -gt 0)) { ConvertTo-AssignmentFact -Certificate $null -Complaint $said[0] }
}
