# What is installed: products, their modules, the .NET Framework.

function Get-InstalledProgram {
    # Every entry of the uninstall keys that has a name, from both the 64-bit and the 32-bit list.
    [CmdletBinding()]
    param()
    $hive = [Microsoft.Win32.RegistryHive]::LocalMachine
    $path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
    foreach ($view in @([Microsoft.Win32.RegistryView]::Registry64, [Microsoft.Win32.RegistryView]::Registry32)) {
        $base = [Microsoft.Win32.RegistryKey]::OpenBaseKey($hive, $view)
        $list = $base.OpenSubKey($path)
        if ($null -ne $list) {
            foreach ($id in $list.GetSubKeyNames()) {
                $entry = $list.OpenSubKey($id)
                if ($null -ne $entry) {
                    $name = $entry.GetValue('DisplayName')
                    if ($null -ne $name) {
                        @{ name = "$name"; version = "$($entry.GetValue('DisplayVersion'))"; publisher = "$($entry.GetValue('Publisher'))" }
                    }
                    $entry.Close()
                }
            }
            $list.Close()
        }
        $base.Close()
    }
}

function Get-ProductFacts {
    [CmdletBinding()]
    param()
    $products = @(Get-InstalledProgram | Where-Object { $_.name -match 'Lync Server|Skype for Business Server|Exchange Server' } | Select-Object -First 200)
    $modules = @()
    foreach ($module in @(Get-Module -ListAvailable -Name (Get-ProductModuleName))) {
        $modules += @{ name = "$($module.Name)"; version = "$($module.Version)"; path = "$($module.Path)" }
    }
    foreach ($file in @(Get-ProductModuleFile)) {
        $known = @($modules | Where-Object { $_.path -eq $file.path })
        if ($known.Count -eq 0) { $modules += @{ name = $file.name; version = ''; path = $file.path } }
    }
    $release = Get-RegistryValue -Path 'SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' -Name 'Release'
    $exchange = Get-RegistryValue -Path 'SOFTWARE\Microsoft\ExchangeServer\v15\Setup' -Name 'MsiInstallPath'
    @{ products = $products; modules = $modules; dotNetRelease = $release; exchangeInstalled = ($null -ne $exchange) }
}
