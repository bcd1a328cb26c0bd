# Packs target\dist\layerscope.exe: an installer and a .zip in target\package.
# Needs Inno Setup 6.3 (iscc), rsvg-convert and ImageMagick (magick) on the path.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location (Join-Path $PSScriptRoot '..\..')

$out = 'target\package'
$work = Join-Path $out 'ico'
New-Item -ItemType Directory -Force $work | Out-Null

# An .ico holds a picture for each size, drawn at that size.
$pictures = foreach ($side in 16, 20, 24, 32, 40, 48, 64, 256) {
    $picture = Join-Path $work "$side.png"
    rsvg-convert --width $side --height $side assets\icon.svg --output $picture
    $picture
}
magick $pictures (Join-Path $out 'layerscope.ico')
Remove-Item -Recurse $work

$version = (& target\dist\layerscope.exe --version).Split(' ')[1]
$zip = Join-Path $out "layerscope-$version-x86_64-windows.zip"
Compress-Archive -Force -DestinationPath $zip -Path `
    target\dist\layerscope.exe, README.md, CHANGELOG.md, LICENSE-MIT, LICENSE-APACHE

$iscc = Get-Command iscc -ErrorAction SilentlyContinue
$iscc = if ($iscc) { $iscc.Source } else { "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe" }
& $iscc "/DVersion=$version" dist\windows\layerscope.iss
