# Telling apart "the product says something is wrong" from "we were not let in".

function Test-Refusal {
    # Judged by category and exception type, never by the text. The SqlException is what a lost second hop looks like.
    [CmdletBinding()]
    param([Management.Automation.ErrorRecord] $Record)
    if (@('PermissionDenied', 'SecurityError', 'AuthenticationError') -contains "$($Record.CategoryInfo.Category)") { return $true }
    $next = $Record.Exception
    while ($null -ne $next) {
        if (@('UnauthorizedAccessException', 'SecurityException', 'SqlException') -contains $next.GetType().Name) { return $true }
        $next = $next.InnerException
    }
    $false
}

function Test-CallFailure {
    # The cmdlet is not there or was not called rightly: no answer of the product at all.
    [CmdletBinding()]
    param([Management.Automation.ErrorRecord] $Record)
    if ($Record.Exception -is [Management.Automation.CommandNotFoundException]) { return $true }
    if ("$($Record.FullyQualifiedErrorId)" -match '^CommandNotFoundException') { return $true }
    $Record.Exception -is [Management.Automation.ParameterBindingException]
}
