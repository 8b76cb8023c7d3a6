# What each certificate of this server is assigned for: server, web services, Edge interfaces, OAuth.

function Get-CertificateUses {
    # As for OAuth alone: "not found or untrusted" is an answer. Where it names no certificate, it comes as an object without a use.
    [CmdletBinding()]
    param()
    Use-ProductModule
    foreach ($said in @(Get-AssignedCertificate -Everything $true)) {
        $fact = ConvertTo-AssignmentFact -Certificate $said.certificate -Complaint $said.complaint
        @{
            use                 = $fact.use
            thumbprint          = $fact.thumbprint
            subject             = $fact.subject
            notBefore           = $fact.notBefore
            notAfter            = $fact.notAfter
            notFoundOrUntrusted = $fact.notFoundOrUntrusted
            message             = $fact.message
        }
    }
}
