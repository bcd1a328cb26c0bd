; The installer for Windows, for Inno Setup 6.3 or newer: iscc /DVersion=0.1.0 layerscope.iss
; It installs for the one who runs it and asks for no administrator. build.ps1 lays out what it packs.

#ifndef Version
  #error Name the version: iscc /DVersion=0.1.0 layerscope.iss
#endif
#define Package "..\..\target\package"

[Setup]
; Never to change: by it an installed program is known, and replaced by a newer one.
AppId={{6C7B0F0E-6E0B-4B57-9C3B-2D1F5F8C6A41}
AppName=Layerscope
AppVersion={#Version}
AppVerName=Layerscope {#Version}
AppPublisher=The Layerscope developers
VersionInfoVersion={#Version}
DefaultDirName={autopf}\Layerscope
DefaultGroupName=Layerscope
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
LicenseFile=..\..\LICENSE-MIT
SetupIconFile={#Package}\layerscope.ico
UninstallDisplayIcon={app}\layerscope.ico
UninstallDisplayName=Layerscope
OutputDir={#Package}
OutputBaseFilename=layerscope-{#Version}-x86_64-windows-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes

[Tasks]
Name: "files"; Description: "Open weights (*.safetensors) with it, and offer it for GGUF, results and sessions"
Name: "path"; Description: "Put the command layerscope on your PATH"; Flags: unchecked
Name: "desktop"; Description: "An icon on the desktop"; Flags: unchecked

[Files]
Source: "..\..\target\dist\layerscope.exe"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Package}\layerscope.ico"; DestDir: "{app}"
Source: "..\..\README.md"; DestDir: "{app}"
Source: "..\..\CHANGELOG.md"; DestDir: "{app}"
Source: "..\..\LICENSE-MIT"; DestDir: "{app}"
Source: "..\..\LICENSE-APACHE"; DestDir: "{app}"

[Icons]
Name: "{autoprograms}\Layerscope"; Filename: "{app}\layerscope.exe"; IconFilename: "{app}\layerscope.ico"
Name: "{autodesktop}\Layerscope"; Filename: "{app}\layerscope.exe"; IconFilename: "{app}\layerscope.ico"; Tasks: desktop

[Registry]
Root: HKA; Subkey: "Software\Classes\Layerscope.File"; ValueType: string; ValueData: "Layerscope"; Flags: uninsdeletekey; Tasks: files
Root: HKA; Subkey: "Software\Classes\Layerscope.File\DefaultIcon"; ValueType: string; ValueData: "{app}\layerscope.ico"; Tasks: files
Root: HKA; Subkey: "Software\Classes\Layerscope.File\shell\open\command"; ValueType: string; ValueData: """{app}\layerscope.exe"" ""%1"""; Tasks: files
; Windows looks at the last extension alone. Sessions and results are JSON to it: they are offered under
; "Open with", and never taken from the program that opens JSON. Weights open with a double click.
Root: HKA; Subkey: "Software\Classes\.safetensors"; ValueType: string; ValueData: "Layerscope.File"; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\.safetensors\OpenWithProgids"; ValueType: string; ValueName: "Layerscope.File"; ValueData: ""; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\.gguf\OpenWithProgids"; ValueType: string; ValueName: "Layerscope.File"; ValueData: ""; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\.json\OpenWithProgids"; ValueType: string; ValueName: "Layerscope.File"; ValueData: ""; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\Applications\layerscope.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Layerscope"; Flags: uninsdeletekey; Tasks: files
Root: HKA; Subkey: "Software\Classes\Applications\layerscope.exe\shell\open\command"; ValueType: string; ValueData: """{app}\layerscope.exe"" ""%1"""; Tasks: files
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: NotOnPath

[Run]
Filename: "{app}\layerscope.exe"; Description: "Start Layerscope"; Flags: nowait postinstall skipifsilent

[Code]
const
  Environment = 'Environment';

function NotOnPath: Boolean;
var
  Path: string;
begin
  if not RegQueryStringValue(HKCU, Environment, 'Path', Path) then
    Path := '';
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Path) + ';') = 0;
end;

{ What the installer put on the path is taken off again; the rest of it is left as it is. }
procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Path: string;
  Place: Integer;
begin
  if (Step <> usPostUninstall) or not RegQueryStringValue(HKCU, Environment, 'Path', Path) then
    exit;
  Place := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Path) + ';');
  if Place = 0 then
    exit;
  { The place counts from the semicolon put in front: at the very first entry there is none. }
  if Place > 1 then
    Delete(Path, Place - 1, Length(ExpandConstant('{app}')) + 1)
  else
    Delete(Path, 1, Length(ExpandConstant('{app}')) + 1);
  RegWriteExpandStringValue(HKCU, Environment, 'Path', Path);
end;
