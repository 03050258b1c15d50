// The C header is part of what a strategy's entry file needs, so importing the kit brings it along.
@_exported public import CWorkbench
