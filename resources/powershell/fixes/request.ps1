# A new OAuth certificate from an authority: asked for online, or by a request in a file that a person carries there.

function Get-OAuthCandidate {
    # Certificates that were lately requested for this purpose: a SIP domain as their name, and a private key.
    [CmdletBinding()]
    param()
    $recentDays = 14
    $topology = Get-TopologyFacts
    $domains = @(@($topology.sipDomains) + @($topology.defaultSipDomain))
    $since = [DateTime]::Now.AddDays(-$recentDays)
    foreach ($certificate in @(Get-MachineCertificate -StoreName 'My')) {
        $name = $certificate.GetNameInfo([Security.Cryptography.X509Certificates.X509NameType]::SimpleName, $false)
        if ($certificate.HasPrivateKey -and ($certificate.NotBefore -gt $since) -and ($domains -contains $name)) { $certificate }
    }
}

function Get-RequestObstacle {
    # What speaks against another request. thumbprint is what stands in the way, else what is assigned.
    [CmdletBinding()]
    param([string] $ExpectedThumbprint, [string[]] $CandidatesKnown)
    $state = Get-AssignmentState
    $named = ConvertTo-FactText -Value $state.named
    if (-not (Test-SameText -One $state.named -Other $ExpectedThumbprint)) {
        return @{ reason = 'changed-meanwhile'; thumbprint = $named }
    }
    $known = @(@($CandidatesKnown) + @($state.named, $state.thumbprint, $state.stagedThumbprint, $state.previousThumbprint))
    foreach ($candidate in @(Get-OAuthCandidate)) {
        $thumbprint = $candidate.Thumbprint
        if ($known -notcontains $thumbprint) { return @{ reason = 'requested-meanwhile'; thumbprint = $thumbprint } }
    }
    @{ reason = $null; thumbprint = $named }
}

function Get-NewCertificate {
    # What a store holds now and did not before, the newest first. The product may have put the issuers beside it.
    [CmdletBinding()]
    param([object[]] $Certificates, [string[]] $Known)
    $new = @($Certificates | Where-Object { $_.HasPrivateKey -and ($Known -notcontains $_.Thumbprint) })
    $new | Sort-Object -Property @('NotBefore') -Descending
}

function Request-OAuthCertificate {
    [CmdletBinding()]
    param(
        [string] $Authority,
        [string] $FriendlyName,
        [int] $KeySize,
        [string] $Template,
        [string] $ExpectedThumbprint,
        [string[]] $CandidatesKnown,
        [bool] $Preview
    )
    $obstacle = Get-RequestObstacle -ExpectedThumbprint $ExpectedThumbprint -CandidatesKnown $CandidatesKnown
    $before = @{ thumbprint = $obstacle.thumbprint }
    if ($null -ne $obstacle.reason) { return New-FixResult -Outcome 'refused' -Reason $obstacle.reason -Before $before }
    $known = @(Get-MachineCertificate -StoreName 'My' | ForEach-Object { $_.Thumbprint })
    $folder = New-PrivateFolder
    try {
        $request = @{
            New                  = $true
            Type                 = 'OAuthTokenIssuer'
            CA                   = $Authority
            FriendlyName         = $FriendlyName
            KeySize              = $KeySize
            PrivateKeyExportable = $true
            AllSipDomain         = $true
            Report               = [IO.Path]::Combine($folder, 'report.html')
            WhatIf               = $Preview
            Confirm              = $false
        }
        $chosen = @{}
        if ($Template.Length -gt 0) { $chosen = @{ Template = $Template } }
        $answers = @(Request-CsCertificate @request @chosen)
        if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
        $notes = @(Read-ReportText -Path $request.Report)
    }
    finally { Remove-PrivateFolder -Path $folder }
    $number = $null
    foreach ($answer in $answers) {
        if ($null -eq $number) { $number = ConvertTo-FactText -Value (Get-PropertyValue -InputObject $answer -Name 'RequestId') }
    }
    $after = @{ thumbprint = $null; subject = $null; notBefore = $null; notAfter = $null; pending = $true; requestId = $number }
    $issued = @(Get-NewCertificate -Certificates @(Get-MachineCertificate -StoreName 'My') -Known $known)
    if ($issued.Count -gt 0) {
        $after.thumbprint = $issued[0].Thumbprint
        $after.subject = $issued[0].Subject
        $after.notBefore = ConvertTo-UtcText -Value $issued[0].NotBefore
        $after.notAfter = ConvertTo-UtcText -Value $issued[0].NotAfter
        $after.pending = $false
    }
    New-FixResult -Outcome 'changed' -Before $before -After $after -Notes $notes
}

function Read-RequestText {
    # As text with its first and last line, whichever way it was written.
    [CmdletBinding()]
    param([string] $Path)
    $text = ''
    $bytes = [IO.File]::ReadAllBytes($Path)
    $wrapped = [Base64FormattingOptions]::InsertLineBreaks
    if (($bytes.Length -gt 0) -and ($bytes[0] -eq 0x30)) { $text = [Convert]::ToBase64String($bytes, $wrapped) }
    else { $text = [IO.File]::ReadAllText($Path).Trim() }
    if ($text.Length -eq 0) { throw (New-Object IO.InvalidDataException -ArgumentList @('the request is empty')) }
    if ($text.StartsWith('-----BEGIN')) { return $text }
    "-----BEGIN NEW CERTIFICATE REQUEST-----`r`n$text`r`n-----END NEW CERTIFICATE REQUEST-----"
}

function New-OAuthSigningRequest {
    # The key stays on this server, so the answer has to come back to it.
    [CmdletBinding()]
    param([string] $FriendlyName, [int] $KeySize, [string] $ExpectedThumbprint, [string[]] $CandidatesKnown, [bool] $Preview)
    $obstacle = Get-RequestObstacle -ExpectedThumbprint $ExpectedThumbprint -CandidatesKnown $CandidatesKnown
    $before = @{ thumbprint = $obstacle.thumbprint }
    if ($null -ne $obstacle.reason) { return New-FixResult -Outcome 'refused' -Reason $obstacle.reason -Before $before }
    $known = @(Get-PendingCertificate | ForEach-Object { $_.Thumbprint })
    $folder = New-PrivateFolder
    try {
        $request = @{
            New                  = $true
            Type                 = 'OAuthTokenIssuer'
            Output               = [IO.Path]::Combine($folder, 'request.req')
            FriendlyName         = $FriendlyName
            KeySize              = $KeySize
            PrivateKeyExportable = $true
            AllSipDomain         = $true
            Report               = [IO.Path]::Combine($folder, 'report.html')
            WhatIf               = $Preview
            Confirm              = $false
        }
        [void] @(Request-CsCertificate @request)
        if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
        $after = @{ request = (Read-RequestText -Path $request.Output); pendingThumbprint = $null }
        $notes = @(Read-ReportText -Path $request.Report)
    }
    finally { Remove-PrivateFolder -Path $folder }
    $pending = @(Get-NewCertificate -Certificates @(Get-PendingCertificate) -Known $known)
    if ($pending.Count -gt 0) { $after.pendingThumbprint = $pending[0].Thumbprint }
    New-FixResult -Outcome 'changed' -Before $before -After $after -Notes $notes
}

function Remove-PendingRequest {
    # The way back: with its key, unless the answer came in meanwhile and the key now belongs to a certificate.
    [CmdletBinding()]
    param([string] $Thumbprint, [bool] $Preview)
    $pending = @(Get-PendingCertificate | Where-Object { Test-SameText -One $_.Thumbprint -Other $Thumbprint })
    $before = @{ present = ($pending.Count -gt 0) }
    if ($pending.Count -eq 0) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    $notes = @(Remove-CertificateWithKey -StoreName 'REQUEST' -Certificate $pending[0])
    $left = @(Get-PendingCertificate | Where-Object { Test-SameText -One $_.Thumbprint -Other $Thumbprint })
    New-FixResult -Outcome 'changed' -Before $before -After @{ present = ($left.Count -gt 0) } -Notes $notes
}
