# The answer of an authority to a request that was made on this server: the certificate joined with the key that waits for it.

function Read-CertificateBlob {
    # One certificate or a chain, binary or as text. Nothing comes back when it is neither.
    [CmdletBinding()]
    param([string] $Text)
    $found = New-Object Security.Cryptography.X509Certificates.X509Certificate2Collection
    try { $found.Import([Convert]::FromBase64String($Text)) }
    catch {
        $real = Get-InnermostException -Exception $_.Exception
        if (($real -isnot [FormatException]) -and ($real -isnot [Security.Cryptography.CryptographicException])) { throw }
        return
    }
    foreach ($certificate in $found) { $certificate }
}

function ConvertTo-IssuedFact {
    # Everything unknown while the certificate is not in the store.
    [CmdletBinding()]
    param([object] $Certificate)
    $fact = @{ thumbprint = $null; notBefore = $null; notAfter = $null; hasPrivateKey = $false }
    if ($null -ne $Certificate) {
        $fact.thumbprint = $Certificate.Thumbprint
        $fact.notBefore = ConvertTo-UtcText -Value $Certificate.NotBefore
        $fact.notAfter = ConvertTo-UtcText -Value $Certificate.NotAfter
        $fact.hasPrivateKey = [bool] $Certificate.HasPrivateKey
    }
    $fact
}

function Join-PendingKey {
    # In memory, without a program that may ask a question: the answer takes over the request's key and name and goes into My. Windows
    # itself compares the public keys once more.
    [CmdletBinding()]
    param(
        [Security.Cryptography.X509Certificates.X509Certificate2] $Issued,
        [Security.Cryptography.X509Certificates.X509Certificate2] $Pending
    )
    $Issued.set_PrivateKey($Pending.get_PrivateKey())
    $Issued.FriendlyName = $Pending.FriendlyName
    Add-MachineCertificate -StoreName 'My' -Certificate $Issued
}

function Complete-OAuthSigningRequest {
    [CmdletBinding()]
    param([string] $Answer, [bool] $Preview)
    $answered = @(Read-CertificateBlob -Text $Answer)
    foreach ($certificate in $answered) {
        $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $certificate.Thumbprint
        if (($null -ne $own) -and $own.HasPrivateKey) {
            $before = ConvertTo-IssuedFact -Certificate $own
            return New-FixResult -Outcome 'already' -Before $before -After $before
        }
    }
    $before = ConvertTo-IssuedFact -Certificate $null
    if ($answered.Count -eq 0) { return New-FixResult -Outcome 'refused' -Reason 'wrong-certificate' -Before $before }
    $pending = @(Get-PendingCertificate | Where-Object { $_.HasPrivateKey })
    if ($pending.Count -eq 0) { return New-FixResult -Outcome 'refused' -Reason 'no-pending-request' -Before $before }
    $issued = $null
    $request = $null
    foreach ($certificate in $answered) {
        foreach ($one in $pending) {
            if ($one.GetPublicKeyString() -eq $certificate.GetPublicKeyString()) {
                $issued = $certificate
                $request = $one
            }
        }
    }
    if ($null -eq $issued) { return New-FixResult -Outcome 'refused' -Reason 'wrong-certificate' -Before $before }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    Join-PendingKey -Issued $issued -Pending $request
    $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $issued.Thumbprint
    $after = ConvertTo-IssuedFact -Certificate $own
    if (-not $after.hasPrivateKey) { throw (New-Object InvalidOperationException -ArgumentList @('the key of the request was not taken over')) }
    Remove-MachineCertificate -StoreName 'REQUEST' -Thumbprint $request.Thumbprint
    New-FixResult -Outcome 'changed' -Before $before -After $after
}
