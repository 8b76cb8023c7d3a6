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

function Get-AssignedCertificate {
    # Pairs of a certificate and what was complained of it; a complaint that fits none stands alone. "Not found or untrusted" may come
    # as an error, as a warning or in a property, with the certificate or in its place; whichever way, it is an answer. Every other
    # error stays one.
    [CmdletBinding()]
    param([bool] $Everything)
    $found = @()
    $complaints = @()
    $remarks = @()
    try {
        if ($Everything) {
            # SilentlyContinue: errors are looked at one by one below.
            $found = @(Get-CsCertificate -ErrorAction SilentlyContinue -ErrorVariable complaints -WarningVariable remarks)
        }
        else {
            # SilentlyContinue: as above.
            $found = @(Get-CsCertificate -Type 'OAuthTokenIssuer' -ErrorAction SilentlyContinue -ErrorVariable complaints -WarningVariable remarks)
        }
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
    $alone = (-not $Everything) -and ($found.Count -eq 1)
    $matched = 0
    foreach ($certificate in $found) {
        $thumbprint = "$(Get-PropertyValue -InputObject $certificate -Name 'Thumbprint')"
        $mine = @($said | Where-Object { $alone -or (($thumbprint.Length -gt 0) -and ($_ -match $thumbprint)) })
        $complaint = $null
        if ($mine.Count -gt 0) {
            $complaint = $mine[0]
            $matched += $mine.Count
        }
        @{ certificate = $certificate; complaint = $complaint }
    }
    if (($said.Count -gt $matched) -and ($Everything -or ($found.Count -eq 0))) { @{ certificate = $null; complaint = $said[0] } }
}

function Get-InForceFact {
    # With -Roll the product names the certificate that is to come and, as its previous one, the one in use until then. That one is put
    # beside it as an object of its own, as this machine's store has it. Nothing where it is not there, or nothing is to come.
    [CmdletBinding()]
    param([object] $Certificate, [hashtable] $Staged)
    $effective = Get-PropertyValue -InputObject $Certificate -Name 'EffectiveDate'
    if (($effective -isnot [DateTime]) -or ($null -eq $Staged.previousThumbprint)) { return }
    if ($effective.ToUniversalTime() -le [DateTime]::UtcNow) { return }
    foreach ($own in @(Get-MachineCertificate -StoreName 'My' | Where-Object { $_.Thumbprint -eq $Staged.previousThumbprint })) {
        $fact = ConvertTo-AssignmentFact -Certificate $own -Complaint $null
        $fact.use = $Staged.use
        $fact.sourceScope = $Staged.sourceScope
        $fact.updateTime = $Staged.updateTime
        return $fact
    }
}

function Get-OAuthAssignment {
    # Nothing comes back where nothing is assigned.
    [CmdletBinding()]
    param()
    Use-ProductModule
    $named = @{}
    $current = @()
    foreach ($said in @(Get-AssignedCertificate -Everything $false)) {
        $fact = ConvertTo-AssignmentFact -Certificate $said.certificate -Complaint $said.complaint
        $named["$($fact.thumbprint)"] = $true
        $current += @(Get-InForceFact -Certificate $said.certificate -Staged $fact)
        $fact
    }
    # A product that names both by itself is not repeated.
    foreach ($fact in $current) { if (-not $named.ContainsKey("$($fact.thumbprint)")) { $fact } }
}
