# Finding and loading the product's module: by name where PSModulePath has it, else from the product's own folder.

function Get-ProductModuleName {
    # The later product first: a server that was upgraded in place may still list the older name.
    [CmdletBinding()]
    param()
    @('SkypeForBusiness', 'Lync')
}

function Get-CommonFilesFolder {
    # The 64-bit folder, also seen from a 32-bit process; $null where there is none.
    [CmdletBinding()]
    param()
    foreach ($name in @('CommonProgramW6432', 'CommonProgramFiles')) {
        $folder = [Environment]::GetEnvironmentVariable($name)
        if (-not [string]::IsNullOrEmpty($folder)) { return $folder }
    }
}

function Get-ProductModuleFile {
    # Module manifests in the product's own folders, newest product first. WinRM sessions may lack them in PSModulePath.
    [CmdletBinding()]
    param()
    $common = Get-CommonFilesFolder
    if ([string]::IsNullOrEmpty($common)) { return }
    if (-not (Test-Path -LiteralPath $common)) { return }
    $folders = @(Get-ChildItem -LiteralPath $common -Directory | Where-Object { $_.Name -match '^(Microsoft Lync|Skype for Business) Server' })
    foreach ($name in (Get-ProductModuleName)) {
        foreach ($folder in ($folders | Sort-Object -Property Name -Descending)) {
            $file = [IO.Path]::Combine($folder.FullName, 'Modules', $name, "$name.psd1")
            if (Test-Path -LiteralPath $file) { @{ name = $name; path = $file } }
        }
    }
}

function ConvertTo-ModuleFact {
    [CmdletBinding()]
    param([object] $Module, [string] $By)
    @{ name = "$($Module.Name)"; version = "$($Module.Version)"; path = "$($Module.Path)"; by = $By }
}

function Import-ProductModule {
    # A module that is there and will not load is an error; a server without the product answers with nothing in every field.
    [CmdletBinding()]
    param()
    foreach ($name in (Get-ProductModuleName)) {
        $loaded = @(Get-Module -Name $name)
        if ($loaded.Count -gt 0) { return ConvertTo-ModuleFact -Module $loaded[0] -By 'name' }
    }
    foreach ($name in (Get-ProductModuleName)) {
        $available = @(Get-Module -ListAvailable -Name $name)
        if ($available.Count -gt 0) {
            $module = Import-Module -Name $name -Global -DisableNameChecking -PassThru
            return ConvertTo-ModuleFact -Module @($module)[0] -By 'name'
        }
    }
    $files = @(Get-ProductModuleFile)
    if ($files.Count -gt 0) {
        $module = Import-Module -Name $files[0].path -Global -DisableNameChecking -PassThru
        return ConvertTo-ModuleFact -Module @($module)[0] -By 'path'
    }
    @{ name = $null; version = $null; path = $null; by = $null }
}

function Use-ProductModule {
    # After a probe that overran its deadline the next ones run in a fresh runspace, which has to load the module again.
    [CmdletBinding()]
    param()
    foreach ($name in (Get-ProductModuleName)) {
        if (@(Get-Module -Name $name).Count -gt 0) { return }
    }
    [void] (Import-ProductModule)
}
