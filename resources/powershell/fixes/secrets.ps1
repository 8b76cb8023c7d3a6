# Key material on its way through memory: it comes as secure strings of base64, is bytes for as long as a call needs it, then zeros.

function ConvertFrom-SecretBase64 {
    # The bytes behind one secure string. Text that is no base64 is a FormatException.
    [CmdletBinding()]
    param([Security.SecureString] $Secret)
    $characters = New-Object -TypeName 'char[]' -ArgumentList @($Secret.Length)
    $pointer = [Runtime.InteropServices.Marshal]::SecureStringToGlobalAllocUnicode($Secret)
    try {
        [Runtime.InteropServices.Marshal]::Copy($pointer, $characters, 0, $characters.Length)
        $bytes = [Convert]::FromBase64CharArray($characters, 0, $characters.Length)
    }
    finally {
        [Runtime.InteropServices.Marshal]::ZeroFreeGlobalAllocUnicode($pointer)
        [Array]::Clear($characters, 0, $characters.Length)
    }
    return , $bytes
}

function ConvertFrom-SecretParts {
    # All parts in a row as one array of bytes. The caller clears it.
    [CmdletBinding()]
    param([Security.SecureString[]] $Parts)
    $pieces = New-Object Collections.ArrayList
    try {
        $total = 0
        foreach ($part in $Parts) {
            $piece = ConvertFrom-SecretBase64 -Secret $part
            [void] $pieces.Add($piece)
            $total += $piece.Length
        }
        $bytes = New-Object -TypeName 'byte[]' -ArgumentList @($total)
        $at = 0
        foreach ($piece in $pieces) {
            [Array]::Copy($piece, 0, $bytes, $at, $piece.Length)
            $at += $piece.Length
        }
    }
    finally {
        foreach ($piece in $pieces) { [Array]::Clear($piece, 0, $piece.Length) }
    }
    return , $bytes
}

function ConvertTo-Sha256Text {
    # The provider of Windows where there is one: the managed algorithm is refused where FIPS is enforced.
    [CmdletBinding()]
    param([byte[]] $Bytes)
    if ($PSVersionTable.PSVersion.Major -gt 5) { $algorithm = [Security.Cryptography.SHA256]::Create() }
    else { $algorithm = New-Object Security.Cryptography.SHA256CryptoServiceProvider }
    try { [BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '') }
    finally { $algorithm.Dispose() }
}
