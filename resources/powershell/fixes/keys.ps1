# Joining a certificate with its private key again, and who may read the key's file.

function Get-LinkFact {
    [CmdletBinding()]
    param([object] $Certificate)
    $opens = $false
    if ($Certificate.HasPrivateKey) { $opens = [bool] (Get-KeyContainerFacts -Certificate $Certificate).opens }
    @{ hasPrivateKey = [bool] $Certificate.HasPrivateKey; opens = $opens }
}

function Repair-KeyLink {
    # certutil looks for the key among all that lie on this server. Without -silent it might ask for a smart card.
    [CmdletBinding()]
    param([string] $Thumbprint, [bool] $Preview)
    $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint
    if ($null -eq $own) { return New-FixResult -Outcome 'refused' -Reason 'not-in-store' }
    $before = Get-LinkFact -Certificate $own
    if ($before.opens) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    # From the certificate itself: hexadecimal digits, whatever was asked for.
    $said = Invoke-SystemTool -Name 'certutil.exe' -Arguments "-silent -repairstore my $($own.Thumbprint)" -Milliseconds 60000
    $ending = 'certutil did not end'
    if ($null -ne $said.exitCode) { $ending = 'certutil ended with 0x{0:X8}' -f $said.exitCode }
    $notes = @($ending, (Limit-Lines -Lines $said.lines))
    $after = Get-LinkFact -Certificate (Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint)
    if ($after.opens) { return New-FixResult -Outcome 'changed' -Before $before -After $after -Notes $notes }
    New-FixResult -Outcome 'refused' -Reason 'key-not-here' -Before $before -After $after -Notes $notes
}

function Get-FileAccess {
    # The access list as text, and the SIDs that may read.
    [CmdletBinding()]
    param([string] $Path)
    $read = [int] [Security.AccessControl.FileSystemRights]::Read
    $list = Get-Acl -LiteralPath $Path
    $readers = @(foreach ($rule in $list.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])) {
            $allows = "$($rule.AccessControlType)" -eq 'Allow'
            if ($allows -and ((([int] $rule.FileSystemRights) -band $read) -eq $read)) { "$($rule.IdentityReference.Value)" }
        })
    @{ sddl = $list.GetSecurityDescriptorSddlForm([Security.AccessControl.AccessControlSections]::Access); readers = $readers }
}

function Add-FileReader {
    [CmdletBinding()]
    param([string] $Path, [string[]] $Sids, [bool] $Preview)
    $list = Get-Acl -LiteralPath $Path
    foreach ($sid in $Sids) {
        $identity = New-Object Security.Principal.SecurityIdentifier -ArgumentList @($sid)
        $list.AddAccessRule((New-Object Security.AccessControl.FileSystemAccessRule -ArgumentList @($identity, 'Read', 'Allow')))
    }
    Set-Acl -LiteralPath $Path -AclObject $list -WhatIf:$Preview -Confirm:$false
}

function Set-FileAccess {
    # The access list alone: owner and auditing stay as they are.
    [CmdletBinding()]
    param([string] $Path, [string] $Sddl, [bool] $Preview)
    $list = Get-Acl -LiteralPath $Path
    $list.SetSecurityDescriptorSddlForm($Sddl, [Security.AccessControl.AccessControlSections]::Access)
    Set-Acl -LiteralPath $Path -AclObject $list -WhatIf:$Preview -Confirm:$false
}

function ConvertTo-SidText {
    # Names depend on the language of Windows, SIDs do not: both are taken.
    [CmdletBinding()]
    param([string] $Account)
    if ($Account -match '^S-1-[0-9-]+$') { return $Account.ToUpperInvariant() }
    $name = New-Object Security.Principal.NTAccount -ArgumentList @($Account)
    "$($name.Translate([Security.Principal.SecurityIdentifier]).Value)"
}

function Grant-KeyAccess {
    [CmdletBinding()]
    param([string] $Thumbprint, [string[]] $Accounts, [bool] $Preview)
    $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint
    if ($null -eq $own) { return New-FixResult -Outcome 'refused' -Reason 'not-in-store' }
    $container = (Get-KeyContainerFacts -Certificate $own).container
    $file = Get-KeyFilePath -Container "$container"
    if ($null -eq $file) { return New-FixResult -Outcome 'refused' -Reason 'no-key-file' -Before @{ sddl = $null; container = $container } }
    $access = Get-FileAccess -Path $file
    $before = @{ sddl = $access.sddl; container = $container }
    $sids = @(foreach ($account in $Accounts) { ConvertTo-SidText -Account $account })
    $missing = @($sids | Where-Object { $access.readers -notcontains $_ })
    if ($missing.Count -eq 0) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    Add-FileReader -Path $file -Sids $missing -Preview $Preview
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    New-FixResult -Outcome 'changed' -Before $before -After @{ sddl = (Get-FileAccess -Path $file).sddl; container = $container }
}

function Restore-KeyAccess {
    # The way back. A key that is not there any more has changed meanwhile.
    [CmdletBinding()]
    param([string] $Thumbprint, [string] $Sddl, [bool] $Preview)
    $own = Get-StoredCertificate -StoreName 'My' -Thumbprint $Thumbprint
    $file = $null
    if ($null -ne $own) { $file = Get-KeyFilePath -Container "$((Get-KeyContainerFacts -Certificate $own).container)" }
    if ($null -eq $file) { return New-FixResult -Outcome 'refused' -Reason 'changed-meanwhile' -Before @{ sddl = $null } }
    $before = @{ sddl = (Get-FileAccess -Path $file).sddl }
    if ($before.sddl -eq $Sddl) { return New-FixResult -Outcome 'already' -Before $before -After $before }
    Set-FileAccess -Path $file -Sddl $Sddl -Preview $Preview
    if ($Preview) { return New-FixResult -Outcome 'preview' -Before $before }
    New-FixResult -Outcome 'changed' -Before $before -After @{ sddl = (Get-FileAccess -Path $file).sddl }
}
