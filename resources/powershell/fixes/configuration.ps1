# The configuration from the Central Management Store into another server's local store. It holds key material: no file, only memory.

function Export-MasterConfiguration {
    # Changes nothing. Every part is base64 in itself, and all of them in a row are too.
    [CmdletBinding()]
    param()
    $most = 18000000 # as base64 in a packed frame this is just below what the other side takes for one line
    $step = 45000
    Use-ProductModule
    [byte[]] $bytes = @()
    try {
        $bytes = Export-CsConfiguration -AsBytes
        if (($null -eq $bytes) -or ($bytes.Length -eq 0)) {
            throw (New-Object IO.InvalidDataException -ArgumentList @('Export-CsConfiguration returned nothing'))
        }
        if ($bytes.Length -gt $most) {
            return New-FixResult -Outcome 'refused' -Reason 'too-large' -Before @{ length = $bytes.Length }
        }
        $parts = @(for ($at = 0; $at -lt $bytes.Length; $at += $step) {
                [Convert]::ToBase64String($bytes, $at, [Math]::Min($step, $bytes.Length - $at))
            })
        $after = @{ parts = $parts; sha256 = (ConvertTo-Sha256Text -Bytes $bytes); length = $bytes.Length }
        New-FixResult -Outcome 'already' -After $after
    }
    finally { if ($null -ne $bytes) { [Array]::Clear($bytes, 0, $bytes.Length) } }
}

function Import-LocalConfiguration {
    # Into this server's local store only. What was damaged on the way is not taken in.
    [CmdletBinding()]
    param([Security.SecureString[]] $Parts, [string] $Sha256, [bool] $Preview)
    $before = @{ thumbprint = (Get-AssignmentState).thumbprint }
    [byte[]] $bytes = @()
    try {
        try { $bytes = ConvertFrom-SecretParts -Parts $Parts }
        catch {
            if ((Get-InnermostException -Exception $_.Exception) -isnot [FormatException]) { throw }
            return New-FixResult -Outcome 'refused' -Reason 'damaged' -Before $before
        }
        if (-not (Test-SameText -One (ConvertTo-Sha256Text -Bytes $bytes) -Other $Sha256)) {
            return New-FixResult -Outcome 'refused' -Reason 'damaged' -Before $before
        }
        # The cmdlet knows no -WhatIf.
        if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
        [void] (Import-CsConfiguration -ByteInput $bytes -LocalStore)
        New-FixResult -Outcome 'changed' -Before $before -After @{ thumbprint = (Get-AssignmentState).thumbprint }
    }
    finally { if ($null -ne $bytes) { [Array]::Clear($bytes, 0, $bytes.Length) } }
}
